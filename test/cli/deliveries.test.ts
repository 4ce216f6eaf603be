import { afterEach, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place } from '../support/harness/place.js';

let place: Place;
let server: LocalServer | undefined;
beforeAll(async () => {
  place = await openPlace();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** What the command prints where the server has these deliveries. */
async function printed(deliveries: readonly object[], ...args: string[]): Promise<string> {
  server = await startServer(({ headers, path }) =>
    path === '/api/deliveries' && headers.authorization === `Bearer ${API_TOKEN}`
      ? { status: 200, body: { deliveries } }
      : { status: 404, body: {} },
  );
  const { code, out } = await place.hookyard(['deliveries', '--url', server.url, ...args]);
  expect(code).toBe(0);
  return out;
}

test.each([
  [[], 'Nothing has come in. Try: npx hookyard demo\n'],
  [['--source', 'github'], 'Nothing has come in from github\n'],
  [['--failed'], 'None has failed\n'],
])('an empty list with %j is told apart', async (args, words) => {
  expect(await printed([], ...args)).toBe(words);
  expect(server?.received[0]?.query.get('failed')).toBe(args.includes('--failed') ? 'true' : null);
});

test('deliveries of a time are asked for as the points in time that it lies between', async () => {
  expect(await printed([], '--since', '2026-11-26', '--until', '2026-11-27T12:00Z')).toBe('None is like that\n');
  const query = server?.received[0]?.query;
  expect(query?.get('since')).toBe(String(Date.parse('2026-11-26')));
  expect(query?.get('until')).toBe(String(Date.parse('2026-11-27T12:00Z')));
});

test('the columns of all deliveries stand below each other', async () => {
  const delivery = { id: 'd1', source: 'stripe', key: 'k', receivedAt: 1_700_000_000_000, events: [], verdicts: [] };
  const names = ['payment_intent.succeeded', 'charge', 'x'.repeat(100)];
  const out = await printed(names.map((eventName) => ({ ...delivery, eventName, dispatches: [] })));
  const [first, second, third] = out.split('\n').map((line) => line.indexOf('started nothing'));
  expect(first).toBe(second);
  expect(third).toBeGreaterThan(100);
});

test('a run that could not be started is listed with its error, in one line', async () => {
  const delivery = {
    id: 'd1',
    source: 'github',
    key: 'k',
    eventName: 'push',
    receivedAt: 1_700_000_000_000,
    events: [],
    verdicts: [],
    dispatches: [
      { automation: 'ci', state: 'failed', error: 'INTERNAL: a\nfault\u001b[31m' },
      { automation: 'docs', state: 'pending', error: 'UNAVAILABLE' },
      { automation: 'lint', state: 'failed', error: 'x'.repeat(500) },
    ],
  };
  const out = await printed([delivery], '--failed');
  expect(out).toMatch(
    /^\S+ \S+ {2}d1 {2}github push +ci could not be started: INTERNAL: afault, docs waits to be started, lint could not be started: x{200}\n$/,
  );
});
