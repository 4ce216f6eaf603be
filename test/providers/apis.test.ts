import { expect, test, vi } from 'vitest';
import type { ConfigInput } from '../../src/config/index.js';
import { createProviders } from '../../src/providers/apis.js';
import type { GitFacts } from '../../src/providers/facts.js';
import { PROVIDERS } from '../../src/providers/index.js';
import type { ProviderKind } from '../../src/providers/source.js';
import { depsOf } from '../support/harness/activity.js';
import { configOf } from '../support/harness/config.js';
import { kinds, senderOf } from './senders.js';

const secrets = [{ env: 'HOOK' }];
const api = { token: { env: 'TOKEN', optional: true } } as const;
const hasApi = (kind: ProviderKind) => 'api' in PROVIDERS[kind];
const KINDS = kinds.filter(hasApi);
const sources = Object.fromEntries(
  kinds.map((kind) => [kind, { kind, secrets, ...senderOf(kind).settings, ...(hasApi(kind) && { api }) }]),
) as ConfigInput['sources'];

function providers(values: Record<string, string>, more: ConfigInput['sources'] = {}) {
  return createProviders(depsOf(configOf({ sources: { ...sources, ...more } }, { HOOK: 'x', ...values })));
}

test.each(KINDS)('%s has an API, which is made once', async (name) => {
  const made = providers({ TOKEN: 't' });
  expect(Object.keys((await made.repository(name, 'acme/app')) ?? {})).not.toEqual([]);
  const [first, second] = await Promise.all([made.source(name), made.source(name)]);
  expect(first).toBeDefined();
  expect(second).toBe(first);
});

test.each(kinds)('%s without credentials has none', async (name) => {
  const made = providers({});
  expect(await made.source(name)).toBeUndefined();
  expect(await made.repository(name, 'acme/app')).toBeUndefined();
});

test.each(KINDS)('the facts of %s say of its API what is so', async (kind) => {
  const made = providers({ TOKEN: 't' });
  const { missed, testCall, tellsPermissions }: Partial<GitFacts> = PROVIDERS[kind].facts;
  const repository = await made.repository(kind, 'acme/app');
  const isList = repository?.hooks?.log ?? (await made.source(kind))?.hooks;
  if (isList || repository?.state) expect(missed).toBe(isList ? 'list' : 'state');
  expect(testCall !== undefined).toBe(repository?.hooks?.test !== undefined);
  expect(tellsPermissions !== false).toBe(repository?.permissionOf !== undefined);
});

test('a kind that has no repositories has no API', async () => {
  expect(await providers({ TOKEN: 't' }).repository('stripe', 'acme/app')).toBeUndefined();
});

test.each(['nobody', 'toString', '__proto__'])('the source %s is not there', async (name) => {
  await expect(providers({ TOKEN: 't' }).repository(name, 'acme/app')).rejects.toThrow(
    expect.objectContaining({ name: 'ProviderError', kind: 'not configured' }),
  );
});

test('what is no name of a repository is refused', async () => {
  await expect(providers({ TOKEN: 't' }).repository('github', '../app')).rejects.toThrow(
    expect.objectContaining({ name: 'ProviderError', kind: 'refused' }),
  );
});

test("credentials that can't work are told when they are first needed, each time", async () => {
  const app: ConfigInput['sources'] = {
    app: { kind: 'github', secrets, api: { app: { id: 1, privateKey: { env: 'KEY' } } } },
  };
  const made = providers({ TOKEN: 't', KEY: 'no key' }, app);
  const broken = expect.objectContaining({ kind: 'not configured', message: expect.stringContaining('privateKey') });
  await expect(made.source('app')).rejects.toThrow(broken);
  await expect(made.source('app')).rejects.toThrow(broken);
  expect(await made.source('github')).toBeDefined();
});

test('an API whose code could not be loaded is loaded when it is asked for again', async () => {
  const made = providers({ TOKEN: 't' });
  const load = vi.spyOn(PROVIDERS.gitea, 'api').mockRejectedValueOnce(new Error('too many open files'));
  await expect(made.source('gitea')).rejects.toThrow('too many open files');
  expect(await made.source('gitea')).toBeDefined();
  load.mockRestore();
});
