import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Hub, startHub } from '../../support/fake-github/hub.js';
import { openSetting, type Setting } from '../../support/harness/system.js';
import { unique } from '../../support/temporal.js';
import { tellPush } from './github-system.js';

const SECRET = 'a webhook secret for tests';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const [beside, alone] = [unique('beside'), unique('alone')];
let hub: Hub;
let setting: Setting;

beforeAll(async () => {
  // The app speaks for itself by its signature, and for a repository by the token that it was given.
  hub = await startHub({
    authorised: (path, given) =>
      path.startsWith('/app') || path.endsWith('/installation')
        ? /^bearer ey/i.test(given)
        : given === 'Bearer canary-installation-token',
    secret: SECRET,
  });
  const api = { url: hub.url, app: { id: 4711, privateKey: { env: 'KEY' } } };
  const github = {
    kind: 'github' as const,
    secrets: [{ env: 'SECRET' }],
    api,
    reconcile: { callsPerMinute: 6_000 },
  };
  setting = await openSetting({
    values: { SECRET, KEY: privateKey },
    config: (receiver) => ({ server: { publicUrl: receiver }, sources: { [beside]: github, [alone]: github } }),
  });
});
afterAll(async () => {
  await setting?.close();
  await hub?.close();
});
afterEach(() => setting.receiverUp());

test("where a GitHub App is there for the API alone, the repositories' own hooks are looked at", async () => {
  hub.addHook('/app/hook', 'https://elsewhere.example/');
  const hook = hub.addHook('/repos/acme/beside/hooks/9', `${setting.url}/webhooks/${beside}`);
  await tellPush(hook, 'beside', 55);
  await setting.receiverDown();
  const lost = await tellPush(hook, 'beside', 50);
  await setting.receiverUp();
  expect(await setting.reconcile({ source: beside })).toMatchObject({
    outcome: 'passed',
    targets: 2,
    missing: 1,
    redelivered: 1,
    troubles: [],
  });
  expect(await setting.store.inbox.has(beside, [lost])).toEqual(new Set([lost]));
});

test('an app whose hook leads elsewhere, before any repository was heard of, is told of', async () => {
  hub.addHook('/app/hook', 'https://elsewhere.example/');
  const result = await setting.reconcile({ source: alone });
  expect(result).toMatchObject({ outcome: 'failed', targets: 1, seen: 0 });
  expect(result.troubles).toEqual([expect.stringContaining('none of the hooks')]);
});
