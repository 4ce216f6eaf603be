import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FlakyTestsAnswer } from '../../src/server/api/contract.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place } from '../support/harness/place.js';

const FLAKY: FlakyTestsAnswer['tests'][number] = {
  ...{
    source: 'github',
    repository: 'acme/app',
    automation: 'ci',
    job: 'unit',
    suite: 'sum',
    test: 'adds \u001b[31mred',
  },
  ...{
    file: 'test/sum.test.js',
    line: 9,
    message: 'expected 1\nand more',
    times: 3,
    sha: 'a'.repeat(40),
    run: 'ci/github/1',
  },
  ...{ firstAt: '2026-11-20T10:00:00.000Z', lastAt: '2026-11-26T10:00:00.000Z' },
};

let place: Place;
let server: LocalServer;
beforeAll(async () => {
  place = await openPlace();
  server = await startServer(({ headers, path, query }) => {
    if (headers.authorization !== `Bearer ${API_TOKEN}` || path !== '/api/tests/flaky')
      return { status: 404, body: {} };
    const tests = query.get('repository') === 'acme/none' ? [] : [FLAKY];
    return { status: 200, body: { tests, ...(['1', '500'].includes(query.get('limit') ?? '') && { more: true }) } };
  });
});
afterAll(() => server.close());

const flaky = (...args: string[]) => place.hookyard(['flaky', '--url', server.url, ...args]);

test('hookyard flaky says which tests were flaky, where, how often and in which run, or prints them as JSON', async () => {
  const [words, json, none] = await Promise.all([
    flaky('--limit', '1'),
    flaky('--json'),
    flaky('--repository', 'acme/none'),
  ]);
  expect(words.out.trimEnd().split('\n')).toEqual([
    'sum > adds red  test/sum.test.js:9',
    '  2026-11-26 10:00:00  3 times, last at aaaaaaa of acme/app, job unit of ci: ci/github/1',
    '  expected 1',
  ]);
  expect(words.err.trim()).toBe('There are more: --limit 4 shows them');
  const most = await flaky('--limit', '500');
  expect(most.err.trim()).toBe('There are more: name a repository with --repository');
  expect(
    json.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([FLAKY]);
  expect(none.out.trimEnd()).toBe('No test was flaky in the last 30 days, of those that steps report with "tests"');
  expect([words, json, none].map(({ code }) => code)).toEqual([0, 0, 0]);
});
