import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { openPlace, type Place } from '../support/harness/place.js';

const counts = { deliveries: 2, bodyBytes: 30, waiting: 0, lines: 4, attempts: 0, records: 1, runs: 1, open: 0 };

let place: Place;
let server: LocalServer;
let asked: object[];
let waiting = 0;
beforeAll(async () => {
  place = await openPlace();
  server = await startServer(({ path, body: sent }) => {
    if (path !== '/api/forget') return { status: 404, body: { error: 'none' } };
    const body = sent as { from?: object; delivery?: string; source?: string; repository?: string };
    asked.push(body);
    if (body.delivery === 'nowhere') return { status: 404, body: { error: 'there is none of this id' } };
    if (['nobody', 'no/body'].includes(body.source ?? body.repository ?? ''))
      return { status: 200, body: { counts: Object.fromEntries(Object.keys(counts).map((name) => [name, 0])) } };
    const named = body.delivery === undefined ? {} : { delivery: 'd123456789' };
    return {
      status: 200,
      body: { counts: { ...counts, waiting }, ...named, ...(!body.from && { next: { step: 'runs' } }) },
    };
  });
});
beforeEach(() => {
  asked = [];
  waiting = 0;
});
afterAll(() => server.close());

const forget = (...args: string[]) => place.hookyard(['forget', ...args, '--url', server.url]);

test('without a yes from anybody nothing is removed', async () => {
  const { code, err } = await forget('--repository', 'acme/app');
  expect([code, err]).toEqual([2, expect.stringContaining('Nothing was removed: give --yes')]);
  expect(asked).toEqual([]);
});

test('with --yes slice after slice is removed, and all of them are told together', async () => {
  const { code, out } = await forget('--delivery', 'the-key', '--source', 'github', '--yes');
  expect(code).toBe(0);
  expect(out).toContain(
    'Removed: 4 deliveries with 60 bytes, 8 lines of output, 0 outbound attempts, 2 records, 2 runs',
  );
  expect(asked).toEqual([
    { delivery: 'the-key', source: 'github', dryRun: false },
    { delivery: 'd123456789', source: 'github', dryRun: false, from: { step: 'runs' } },
  ]);
});

test('a name of which nothing is kept is told of: it may be mistyped', async () => {
  const [source, repository] = [
    await forget('--source', 'nobody', '--yes'),
    await forget('--repository', 'no/body', '--yes'),
  ];
  expect([source.code, source.err]).toEqual([
    0,
    'Nothing is kept of a source "nobody": npx hookyard deliveries lists what is\n',
  ]);
  expect(repository.err).toBe(
    'Nothing is kept of a repository "no/body", in whatever case that is written: npx hookyard deliveries lists what is\n',
  );
  const both = await forget('--repository', 'no/body', '--source', 'nobody', '--yes');
  expect(both.err).toContain('a repository "no/body" of a source "nobody", in whatever case');
});

test('what would be removed is counted without a question, as JSON too, and what is left makes it fail', async () => {
  waiting = 1;
  const { code, out } = await forget('--source', 'github', '--dry-run', '--json');
  expect([code, JSON.parse(out)]).toEqual([1, expect.objectContaining({ deliveries: 4, waiting: 2, dryRun: true })]);
  expect(asked).toMatchObject([{ dryRun: true }, { dryRun: true }]);
});

test.each([
  [[], 'Say what is to be forgotten'],
  [['--delivery', 'd1', '--repository', 'acme/app'], "cannot be used with option '--repository <owner/name>'"],
  [['--delivery', 'nowhere', '--yes'], 'There is no delivery "nowhere"'],
])('%j is refused, and it says why', async (args, says) => {
  expect(await forget(...args)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
});
