import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { openPlace, type Place } from '../support/harness/place.js';

const meanings = [
  { id: 'd2', source: 'other', key: 'k\u001b[31m', eventName: 'push', receivedAt: 1_700_000_000_000 },
  { id: 'd1', source: 'github', key: 'k', eventName: 'push', receivedAt: 1_600_000_000_000 },
];

let place: Place;
let server: LocalServer;
beforeAll(async () => {
  place = await openPlace();
  server = await startServer(() => ({ status: 409, body: { error: 'several', meanings } }));
});
afterAll(async () => {
  await server?.close();
});

test.each(['explain', 'replay'])('%s of an ambiguous id says what to type for each delivery', async (command) => {
  const { code, err } = await place.hookyard([command, 'k', '--source', 'github', '--url', server.url]);
  expect(code).toBe(2);
  expect(err).toContain('Several deliveries are called so. Type one of:\n');
  expect(err).toContain(`  npx hookyard ${command} d2   "push" of source other, key k, 2023-11-14T22:13:20.000Z\n`);
  expect(err).toContain(`  npx hookyard ${command} d1   "push" of source github, key k, 2020-09-13T12:26:40.000Z\n`);
  expect(server.received.at(-1)?.query.get('source')).toBe('github');
});
