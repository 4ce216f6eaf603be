import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AutomationsAnswer } from '../../src/server/api/contract.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place } from '../support/harness/place.js';

const AUTOMATIONS: AutomationsAnswer['automations'] = [
  {
    ...{ name: 'ci', file: 'automations/ci.ts', triggers: ['push: branch main', 'tag: message \u001b[31mred'] },
    recent: {
      ...{ open: 0, counted: 4, passed: 3, p50Ms: 61_000, p95Ms: 70_000 },
      last: {
        ...{ run: 'ci/github/1', runId: 'r', automation: 'ci', status: 'completed', outcome: 'passed' },
        ...{ startedAt: '2026-11-24T07:00:00.000Z', endedAt: '2026-11-24T07:01:00.000Z' },
      },
    },
  },
  { name: 'deploy', file: 'automations/deploy.ts', triggers: ['by hand'], inputs: [] },
];

let place: Place;
let answer: AutomationsAnswer = { automations: AUTOMATIONS };
let server: LocalServer;
beforeAll(async () => {
  place = await openPlace();
  server = await startServer(({ headers, path }) =>
    headers.authorization === `Bearer ${API_TOKEN}` && path === '/api/automations'
      ? { status: 200, body: answer }
      : { status: 404, body: {} },
  );
});
afterAll(() => server.close());

const automations = (...args: string[]) => place.hookyard(['automations', '--url', server.url, ...args]);

test('hookyard automations says what starts each and how its last runs went, or prints them as JSON', async () => {
  const [words, json] = await Promise.all([automations(), automations('--json')]);
  expect(words.out.trimEnd().split('\n')).toEqual([
    'ci',
    '  On      push: branch main',
    '  On      tag: message red',
    '  Last    passed, 2026-11-24 07:01:00 UTC',
    '  Passed  3 of 4 runs, half of them within 61 s',
    'deploy',
    '  On      by hand',
  ]);
  expect(
    json.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(AUTOMATIONS);
  expect([words, json].map(({ code, err }) => [code, err])).toEqual([
    [0, ''],
    [0, ''],
  ]);
});

test('what is not known of runs is said beside, and that none is loaded', async () => {
  answer = { automations: [], away: 'Temporal does not answer; try again later' };
  const { out, err, code } = await automations();
  expect([out.trim(), err.trim(), code]).toEqual([
    'No automation is loaded',
    'Temporal does not answer; try again later',
    0,
  ]);
});
