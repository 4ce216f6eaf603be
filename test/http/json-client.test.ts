import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
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

test.each([
  ['/auth/api/things', 'redirected'],
  ['/auth/api/login', 'unauthorized'],
])('what was asked for below /auth and is redirected to %s is %s', async (location, kind) => {
  server = await startServer(() => ({ status: 302, headers: { location } }));
  const base = `${server.url}/auth/api`;
  const send = createJsonClient({ base, dispatcher: guardedAgent({ allowPrivate: true }), maxBytes: 1024 });
  await expect(send({ path: '/thing' })).rejects.toMatchObject({ kind, status: 302 });
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

/** Returns a client of a server that answers with bytes as they are. */
async function clientOfRaw(answer: string) {
  const raw = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  await once(raw.listen(0, '127.0.0.1'), 'listening');
  raw.unref();
  const base = `http://127.0.0.1:${(raw.address() as AddressInfo).port}`;
  return createJsonClient({ base, dispatcher: guardedAgent({ allowPrivate: true }), maxBytes: 1024 });
}

test.each([204, 205])('%i counts, whatever is sent behind it', async (status) => {
  const send = await clientOfRaw(`HTTP/1.1 ${status} Done\r\ncontent-length: 12\r\n\r\n{"ok": true}`);
  expect(await send({ method: 'POST', path: '/things' })).toMatchObject({ status, json: undefined, isPage: false });
});

test.each([
  [401, 'unauthorized'],
  [429, 'busy'],
  [404, 'rejected'],
] as const)('%i counts though its body breaks off, with what its headers say', async (status, kind) => {
  const send = await clientOfRaw(
    `HTTP/1.1 ${status} No\r\nretry-after: 20\r\ncontent-length: 400\r\n\r\n{"message": "no`,
  );
  await expect(send({ path: '/things' })).rejects.toMatchObject({ kind, status, retryAfterMs: 20_000 });
});

test('what was asked for and breaks off is no answer', async () => {
  const send = await clientOfRaw('HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{"id": 7');
  await expect(send({ path: '/things' })).rejects.toMatchObject({ kind: 'no response' });
});

test('JSON behind a byte order mark is read', async () => {
  const send = await clientOf({
    status: 200,
    body: '\ufeff{"id": 7}',
    headers: { 'content-type': 'application/json' },
  });
  expect(await send({ path: '/things' })).toMatchObject({ json: { id: 7 } });
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

/** A server at which `/api/old` is called `/api/new` now. */
async function movedServer(status: number, location: string) {
  server = await startServer(({ path }) =>
    path === '/api/new/thing' ? { status: 200, body: { found: true } } : { status, headers: { location } },
  );
  return createJsonClient({
    base: `${server.url}/api`,
    headers: () => ({ authorization: bearer(CANARY) }),
    dispatcher: guardedAgent({ allowPrivate: true }),
    maxBytes: 1024,
    followsNames: true,
  });
}

test.each([
  [301, 'GET', '/api/new/thing?page=2'],
  [302, 'GET', 'http://other.invalid/api/new/thing?page=2'],
  [307, 'POST', '/api/new/thing?page=2'],
  [308, 'PATCH', '/api/new/thing'],
] as const)(
  'a redirect of %i to a new name below the base is followed for %s, at the same host',
  async (status, method, to) => {
    const send = await movedServer(status, to);
    const sent = method === 'GET' ? {} : { body: { a: 1 } };
    const { json } = await send({ method, path: '/old/thing', query: { page: 2 }, ...sent });
    expect(json).toEqual({ found: true });
    const last = server?.received.at(-1);
    expect(last).toMatchObject({ method, headers: { authorization: `Bearer ${CANARY}` } });
    expect(last?.query.get('page')).toBe('2');
    expect(last?.body).toEqual(method === 'GET' ? undefined : { a: 1 });
  },
);

test.each([
  ['out of the base', 302, 'GET', '/user/settings'],
  ['that would make a GET of a POST', 301, 'POST', '/api/new/thing'],
  ['to the same path', 307, 'GET', 'https://other.invalid/api/old/thing'],
  ['to what merely begins like the base', 307, 'GET', '/apix/new/thing'],
  ['out of the base by dots', 307, 'GET', '/api/../secret'],
] as const)('a redirect %s is not followed', async (_, status, method, to) => {
  const send = await movedServer(status, to);
  await expect(send({ method, path: '/old/thing' })).rejects.toMatchObject({ kind: 'redirected', status });
  expect(server?.received).toHaveLength(1);
});

test('redirects that lead on and on end', async () => {
  let n = 0;
  server = await startServer(() => ({ status: 307, headers: { location: `/api/${n++}` } }));
  const send = createJsonClient({
    base: `${server.url}/api`,
    headers: () => ({}),
    dispatcher: guardedAgent({ allowPrivate: true }),
    maxBytes: 1024,
    followsNames: true,
  });
  await expect(send({ path: '/old' })).rejects.toMatchObject({ kind: 'redirected' });
  expect(server.received.length).toBeLessThan(10);
});

test.each([
  ['/login?from=%2Fjob', 'unauthorized'],
  ['/user/login', 'unauthorized'],
  ['https://sso.example/oauth2/authorize', 'unauthorized'],
  ['https://host.example/users/sign_in', 'unauthorized'],
  ['https://spsprodeus1.vssps.visualstudio.com/_signin?realm=x', 'unauthorized'],
  ['/securityRealm/commenceLogin', 'unauthorized'],
  ['https://elsewhere.example/api/authors', 'redirected'],
])('a redirect to %s says that the client is %s', async (location, kind) => {
  expect(await errorOf({ status: 302, headers: { location } })).toMatchObject({ kind, status: 302 });
});

test.each([
  ['<!DOCTYPE html>\n<html lang="en"><title>Sign in</title>', true],
  ['  <html><body>Sign in</body></html>', true],
  ['<!-- Copyright (C) of a portal -->\n<!-- sign in -->\n<!DOCTYPE HTML PUBLIC "x"><title>Sign in</title>', true],
  ['<?xml version="1.0"?>\n<!DOCTYPE html><html/>', true],
  ['<HEAD><TITLE>Sign in</TITLE></HEAD>', true],
  ['Started.', false],
  ['<?xml version="1.0"?><started/>', false],
  ['<!-- started', false],
  ['<header>started</header>', false],
  ['{"html":"<html>"}', false],
])('of the body %j it is told whether it is a page', async (body, isPage) => {
  expect(await (await clientOf({ status: 200, body }))({ path: '/' })).toMatchObject({ isPage });
});
