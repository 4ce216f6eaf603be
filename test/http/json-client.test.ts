import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { bearer, headerValue } from '../../src/http/auth-headers.js';
import { guardedAgent } from '../../src/http/guarded-agent.js';
import { createJsonClient, type JsonClientOptions } from '../../src/http/json-client.js';
import { RequestError } from '../../src/http/request-error.js';
import { Secret } from '../../src/secrets/secret.js';
import { type Answer, type LocalServer, startServer } from '../support/harness/http-server.js';

const CANARY = 'canary-of-the-json-client';

let server: LocalServer | undefined;
afterEach(() => server?.close());

async function clientOf(answer: Answer, options: Partial<JsonClientOptions> & { allowPrivate?: boolean } = {}) {
  server = await startServer(() => answer);
  const { allowPrivate = true, ...more } = options;
  return createJsonClient({
    base: `${server.url}/api`,
    headers: () => ({ authorization: bearer(CANARY) }),
    dispatcher: guardedAgent({ allowPrivate }),
    maxBytes: 1024,
    ...more,
  });
}

/** The error of a request whose path, query, body and headers all hold something, checked for what it must not hold. */
async function errorOf(answer: Answer, options?: Parameters<typeof clientOf>[1]): Promise<RequestError> {
  const send = await clientOf(answer, options);
  const request = { method: 'PUT', path: '/thing', query: { key: CANARY }, body: { key: CANARY } } as const;
  const error = await send(request).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RequestError);
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(CANARY);
  return error as RequestError;
}

test('a request carries query, JSON and headers, and its response is parsed', async () => {
  const send = await clientOf({ status: 201, body: { id: 7 }, headers: { 'X-Page': '2' } });
  const query = { page: 2, all: true, none: undefined };
  const response = await send({ method: 'POST', path: '/things', query, body: { a: 1 }, headers: { 'x-more': 'yes' } });
  expect(response).toMatchObject({ status: 201, json: { id: 7 }, headers: { 'x-page': '2' } });
  const [received] = server?.received ?? [];
  expect(received).toMatchObject({ method: 'POST', path: '/api/things', body: { a: 1 } });
  expect(received?.query.toString()).toBe('page=2&all=true');
  expect(received?.headers).toMatchObject({
    accept: 'application/json',
    'user-agent': 'hookyard',
    'content-type': 'application/json',
    authorization: `Bearer ${CANARY}`,
    'x-more': 'yes',
  });
});

test.each([
  [301, 'redirected'],
  [401, 'unauthorized'],
  [403, 'unauthorized'],
  [404, 'rejected'],
  [422, 'rejected'],
  [408, 'busy'],
  [425, 'busy'],
  [429, 'busy'],
  [503, 'busy'],
] as const)('%i is an error of kind %s, which holds method and path alone', async (status, kind) => {
  const error = await errorOf({ status, headers: { location: '/elsewhere', 'retry-after': '20' } });
  expect(error).toMatchObject({ kind, status, retryAfterMs: 20_000, message: `answered ${status} to PUT /api/thing` });
  expect(server?.received).toHaveLength(1);
});

test('a status that is accepted is returned', async () => {
  const send = await clientOf({ status: 404, body: { message: 'no' } });
  expect(await send({ path: '/thing', accept: [404] })).toMatchObject({ status: 404, json: { message: 'no' } });
});

test('a broken connection is an error of kind "no response"', async () => {
  expect(await errorOf('drop')).toMatchObject({ kind: 'no response', status: undefined });
});

test('a response beyond the limit is an error, unless its status alone says enough', async () => {
  const body = 'x'.repeat(2_000);
  expect(await errorOf({ status: 200, body })).toMatchObject({
    kind: 'too large',
    message: 'answered with more than 1 kB',
  });
  await server?.close();
  const send = await clientOf({ status: 404, body });
  expect(await send({ path: '/thing', accept: [404] })).toMatchObject({ status: 404, json: undefined });
});

test('a private address is not connected to', async () => {
  expect(await errorOf({ status: 200 }, { allowPrivate: false })).toMatchObject({ kind: 'private address' });
  expect(server?.received).toHaveLength(0);
});

test("the caller's signal ends a request with its own reason", async () => {
  const controller = new AbortController();
  const send = await clientOf('hang', { signal: () => controller.signal });
  const sent = send({ path: '/thing' });
  await expect.poll(() => server?.received.length, { timeout: 5_000 }).toBe(1);
  const reason = new Error('cancelled');
  controller.abort(reason);
  await expect(sent).rejects.toBe(reason);
});

test.each(['a b', 'a\r\nb', 'ä', ''])('the token %j is given to no header', (token) => {
  expect(headerValue(new Secret(token))).toBeUndefined();
});
