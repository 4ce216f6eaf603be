import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { openPlace, type Place } from '../support/harness/place.js';

let place: Place;
let server: LocalServer;
beforeAll(async () => {
  place = await openPlace();
  server = await startServer(({ body, path }) => {
    const { message, endpoint = 'partner' } = body as { message: string; endpoint?: string };
    if (message !== 'msg_1') return { status: 404, body: { error: 'there is none of this id' } };
    const state = path.endsWith('/resend') ? 'sent anew' : 'tried now';
    return { status: 200, body: { message, endpoint, run: 'ci/github/1', state } };
  });
});
afterAll(async () => {
  await server?.close();
});

test('a message is tried now from the command line, and one that was never sent is not known', async () => {
  const retried = await place.hookyard(['outbound', 'retry', 'msg_1', '--endpoint', 'other', '--url', server.url]);
  expect([retried.code, retried.out]).toEqual([0, 'msg_1 to other: tried now, by ci/github/1\n']);
  expect(server.received.at(-1)).toMatchObject({ method: 'POST', path: '/api/outbound/retry' });
  const json = await place.hookyard(['outbound', 'retry', 'msg_1', '--json', '--url', server.url]);
  expect(JSON.parse(json.out)).toMatchObject({ endpoint: 'partner', state: 'tried now' });
  const unknown = await place.hookyard(['outbound', 'retry', 'msg_2', '--url', server.url]);
  expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('There is no message "msg_2"')]);
});

test('a message that was given up is sent anew from the command line', async () => {
  const sent = await place.hookyard(['outbound', 'resend', 'msg_1', '--url', server.url]);
  expect([sent.code, sent.out]).toEqual([0, 'msg_1 to partner: sent anew, by ci/github/1\n']);
  expect(server.received.at(-1)).toMatchObject({
    method: 'POST',
    path: '/api/outbound/resend',
    body: { message: 'msg_1' },
  });
  const json = await place.hookyard([
    'outbound',
    'resend',
    'msg_1',
    '--endpoint',
    'other',
    '--json',
    '--url',
    server.url,
  ]);
  expect(JSON.parse(json.out)).toMatchObject({ endpoint: 'other', state: 'sent anew' });
});
