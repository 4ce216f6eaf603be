import { expect, test } from 'vitest';
import type { ConfigInput } from '../../src/config/index.js';
import { createProviders } from '../../src/providers/apis.js';
import { configOf, depsOf } from '../support/harness/activity.js';

const secrets = [{ env: 'HOOK' }];
const url = 'https://git.example';
const api = { token: { env: 'TOKEN', optional: true } } as const;
const sources: ConfigInput['sources'] = {
  github: { kind: 'github', secrets, api },
  gitlab: { kind: 'gitlab', secrets, api },
  gitea: { kind: 'gitea', secrets, url, api },
  forgejo: { kind: 'forgejo', secrets, url, api },
  gogs: { kind: 'gogs', secrets, url, api },
  'bitbucket-cloud': { kind: 'bitbucket-cloud', secrets, api },
  'bitbucket-data-center': { kind: 'bitbucket-data-center', secrets, url, api },
  'azure-devops': { kind: 'azure-devops', secrets, url: 'https://dev.azure.com/acme', api },
  stripe: { kind: 'stripe', secrets },
};

const KINDS = Object.keys(sources).filter((name) => name !== 'stripe');

function providers(values: Record<string, string>, more: ConfigInput['sources'] = {}) {
  return createProviders(depsOf(configOf({ sources: { ...sources, ...more } }, { HOOK: 'x', ...values })));
}

test.each(KINDS)('%s has an API, which is made once', async (name) => {
  const made = providers({ TOKEN: 't' });
  expect(await made.repository(name, 'acme/app')).toHaveProperty('comment');
  const [first, second] = await Promise.all([made.source(name), made.source(name)]);
  expect(first).toBeDefined();
  expect(second).toBe(first);
});

test.each([...KINDS, 'stripe'])('%s without credentials has none', async (name) => {
  const made = providers({});
  expect(await made.source(name)).toBeUndefined();
  expect(await made.repository(name, 'acme/app')).toBeUndefined();
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
