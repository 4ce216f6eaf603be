import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { unique } from '../../support/temporal.js';
import { tellPush } from './github-system.js';
import { openSystem, type System } from './system.js';

const SECRET = 'a webhook secret for tests';
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const [app, beside, alone] = [unique('app'), unique('beside'), unique('alone')];
let hub: FakeGithub;
let system: System;

beforeAll(async () => {
  // The app speaks for itself by its signature, and for a repository by the token that it was given.
  hub = await startFakeGithub({
    app: { id: '4711', publicKey, installationToken: 'canary-installation-token' },
    secret: SECRET,
  });
  const api = { url: hub.url, app: { id: 4711, privateKey: { env: 'KEY' } } };
  const github = {
    kind: 'github' as const,
    secrets: [{ env: 'SECRET' }],
    api,
    reconcile: { callsPerMinute: 6_000 },
  };
  system = await openSystem({
    values: { SECRET, KEY: privateKey },
    config: (receiver) => ({
      server: { publicUrl: receiver },
      sources: { [app]: github, [beside]: github, [alone]: github },
    }),
  });
});
afterAll(async () => {
  await system?.close();
  await hub?.close();
});
afterEach(() => system.receiver.up());

test("a GitHub App's own hook is looked at, whichever repository its deliveries tell of", async () => {
  const hook = hub.addHook('/app/hook', `${system.receiver.url}/webhooks/${app}`);
  const tell = (minutes: number) => tellPush(hook, 'shop', minutes);
  const guids = [await tell(50)];
  await system.receiver.down();
  guids.push(await tell(40), await tell(30));
  await system.receiver.up();
  const found = { outcome: 'passed', targets: 1, missing: 2, redelivered: 2, troubles: [] };
  expect(await system.reconcile({ source: app })).toMatchObject(found);
  expect((await system.deliveries(app)).map(({ key }) => key).sort()).toEqual([...guids].sort());
  expect(await system.reconcile({ source: app })).toMatchObject({ missing: 0, redelivered: 0 });
});

test("where a GitHub App is there for the API alone, the repositories' own hooks are looked at", async () => {
  hub.addHook('/app/hook', 'https://elsewhere.example/');
  const hook = hub.addHook('/repos/acme/beside/hooks/9', `${system.receiver.url}/webhooks/${beside}`);
  await tellPush(hook, 'beside', 55);
  await system.receiver.down();
  const lost = await tellPush(hook, 'beside', 50);
  await system.receiver.up();
  expect(await system.reconcile({ source: beside })).toMatchObject({
    outcome: 'passed',
    targets: 2,
    missing: 1,
    redelivered: 1,
    troubles: [],
  });
  expect(await system.store.inbox.has(beside, [lost])).toEqual(new Set([lost]));
});

test('an app whose hook leads elsewhere, before any repository was heard of, is told of', async () => {
  hub.addHook('/app/hook', 'https://elsewhere.example/');
  const result = await system.reconcile({ source: alone });
  expect(result).toMatchObject({ outcome: 'failed', targets: 1, seen: 0 });
  expect(result.troubles).toEqual([expect.stringContaining('none of the hooks')]);
});
