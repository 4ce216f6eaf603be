import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { createApiVersion } from '../../../src/providers/github/api/api-version.js';
import { createGithubApi } from '../../../src/providers/github/api/index.js';
import type { SourceOf } from '../../../src/providers/source.js';
import { type FakeGithub, type FakeGithubOptions, startFakeGithub } from '../../support/fake-github/github.js';
import { depsOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';

const TOKEN = 'ghp_canary5550123456';
const NEWEST = '2026-03-10';
const OLDER = '2022-11-28';
const sha = 'a'.repeat(40);
const status = { sha, state: 'success', context: 'hookyard/ci', description: 'ok' } as const;

let github: FakeGithub;
afterEach(() => github.close());

async function setUp(options: FakeGithubOptions, app = false) {
  github = await startFakeGithub({ base: '/api/v3', ...options });
  const api = app ? { app: { id: 4711, privateKey: { env: 'KEY' } } } : { token: { env: 'TOKEN' } };
  const config = configOf(
    { sources: { ghes: { kind: 'github', url: github.url, secrets: [{ env: 'WEBHOOK' }], api } } },
    { WEBHOOK: 'w', TOKEN, KEY: keys.privateKey },
  );
  const source = config.sources.ghes as SourceOf<'github'>;
  return createGithubApi({ name: 'ghes', source, log: depsOf(config).log });
}
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const versions = () => github.received.map(({ headers }) => headers['x-github-api-version']);

test('every request asks for the newest version, those of an app for its tokens too', async () => {
  const app = { id: '4711', publicKey: keys.publicKey, installationToken: TOKEN };
  const api = (await setUp({ app, versions: [NEWEST] }, true)).repository('acme/app');
  await api.writeStatus?.(status);
  expect(versions()).toEqual([NEWEST, NEWEST, NEWEST]);
});

test('an Enterprise Server that knows only the older version is asked for that from then on', async () => {
  const api = (await setUp({ token: TOKEN, versions: [OLDER] })).repository('acme/app');
  await api.writeStatus?.(status);
  await api.writeStatus?.({ ...status, state: 'failure' });
  expect(versions()).toEqual([NEWEST, OLDER, OLDER]);
  expect(github.statuses.map(({ state }) => state)).toEqual(['success', 'failure']);
});

test('requests that are sent at once, before it is known, all go on with the older version', async () => {
  const { send } = createApiVersion();
  const known = (version: string) => ({ ok: version === OLDER, status: version === OLDER ? 201 : 400 });
  let answerLast = () => {};
  const waiting = new Promise<void>((resolve) => {
    answerLast = resolve;
  });
  const last = send(async (version) => {
    if (version === NEWEST) await waiting;
    return known(version);
  });
  expect(await send(async (version) => known(version))).toEqual({ ok: true, status: 201 });
  answerLast();
  expect(await last).toEqual({ ok: true, status: 201 });
});

test('a version that has ended is answered 410, and the other is tried', async () => {
  const api = (await setUp({ token: TOKEN })).repository('acme/app');
  github.insteadOf('POST', { status: 410, body: { message: 'Gone' } });
  await api.writeStatus?.(status);
  expect(versions()).toEqual([NEWEST, OLDER]);
});

test('a request that is refused for itself says nothing of the version', async () => {
  const api = (await setUp({ token: TOKEN })).repository('acme/app');
  const bad = { status: 400, body: { message: 'Problems parsing JSON' } } as const;
  github.insteadOf('POST', bad, bad);
  await expect(api.writeStatus?.(status)).rejects.toMatchObject({ kind: 'refused', status: 400 });
  await api.writeStatus?.(status);
  expect(versions()).toEqual([NEWEST, OLDER, NEWEST]);
});

test('a server that has accepted the newest version is not sent a refused request twice', async () => {
  const api = (await setUp({ token: TOKEN })).repository('acme/app');
  await api.writeStatus?.(status);
  github.insteadOf('POST', { status: 400, body: { message: 'Problems parsing JSON' } });
  await expect(api.writeStatus?.(status)).rejects.toMatchObject({ kind: 'refused', status: 400 });
  expect(versions()).toEqual([NEWEST, NEWEST]);
});
