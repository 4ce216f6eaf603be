import { afterEach, describe, expect, test } from 'vitest';
import { sourceRemote } from '../../src/activities/git/remote.js';
import { createProviders } from '../../src/providers/apis.js';
import { apiUrl } from '../../src/providers/github/api/api-url.js';
import { depsOf } from '../support/harness/activity.js';
import { configOf } from '../support/harness/config.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

/** Where each provider's API is asked for, and what people give as `api.url`, below the address of the server. */
const ROWS = {
  github: { asked: '/api/v3/repos', given: ['', '/', '/api/v3', '/api/v3/', '/api/v3//'] },
  gitlab: { asked: '/api/v4/projects', given: ['', '/', '/api/v4', '/api/v4/', '/api/v4//'] },
  gitea: { asked: '/api/v1/repos', given: ['', '/', '/api/v1', '/api/v1/', '/api/v1//', '/API/v1'] },
  forgejo: { asked: '/api/v1/repos', given: ['', '/', '/api/v1', '/api/v1/'] },
  gogs: { asked: '/api/v1/repos', given: ['', '/', '/api/v1', '/api/v1/'] },
  'bitbucket-data-center': {
    asked: '/rest/api/latest/projects',
    given: ['', '/', '/rest', '/rest/', '/rest/api/1.0', '/rest/api/1.0/', '/rest/api/latest'],
  },
  'azure-devops': { asked: '/acme/_apis/git', given: ['/acme', '/acme/', '/acme/_apis', '/acme/_apis/'] },
} as const;

describe.each(Object.entries(ROWS))('the address of the API of %s', (kind, { asked, given }) => {
  async function pathAsked(api: (url: string) => { url?: string }, web: (url: string) => string): Promise<string> {
    server = await startServer(() => ({ status: 404 }));
    const source = { kind, url: web(server.url), secrets: [{ env: 'HOOK' }] };
    const config = configOf(
      { sources: { here: { ...source, api: { ...api(server.url), token: { env: 'TOKEN' } } } as never } },
      { HOOK: 'x', TOKEN: 't' },
    );
    const made = await createProviders(depsOf(config)).repository('here', 'acme/app');
    const calls = [() => made?.pullRequest?.(1), () => made?.hooks?.list()];
    for (const call of calls) await Promise.resolve(call()).catch(() => undefined);
    return server.received[0]?.path.replace('/acme/acme/', '/acme/') ?? '';
  }
  const org = kind === 'azure-devops' ? '/acme' : '';

  test.each(given)('is found where "%s" is given for it', async (path) => {
    const found = await pathAsked(
      (url) => ({ url: `${url}${path}` }),
      (url) => `${url}${org}`,
    );
    expect(found.startsWith(asked)).toBe(true);
  });

  test.each(['', '/', '//'])('is found by that of the pages, which ends with "%s"', async (end) => {
    const found = await pathAsked(
      () => ({}),
      (url) => `${url}${org}${end}`,
    );
    expect(found.startsWith(asked)).toBe(true);
  });
});

test.each([
  ['https://github.com', undefined, 'https://api.github.com'],
  ['https://github.com/', 'https://github.com', 'https://api.github.com'],
  ['https://github.com', 'https://api.github.com/', 'https://api.github.com'],
  ['https://acme.ghe.com', 'https://acme.ghe.com/', 'https://api.acme.ghe.com'],
  ['https://ghes.example', 'https://ghes.example', 'https://ghes.example/api/v3'],
  ['https://ghes.example/api/v3', undefined, 'https://ghes.example/api/v3'],
  ['https://github.com', 'https://proxy.example/github/', 'https://proxy.example/github'],
])("GitHub's API of %s with %s is at %s", (url, api, expected) => {
  expect(apiUrl({ url, api: { url: api } })).toBe(expected);
});

test.each(['https://git.example', 'https://git.example/', 'https://git.example//'])(
  'a clone of a source at %s has no empty part in its address',
  (url) => {
    const config = configOf({ sources: { here: { kind: 'gitea', url, secrets: [{ env: 'HOOK' }] } } }, { HOOK: 'x' });
    expect(sourceRemote(config, { source: 'here', repository: 'acme/app' }).url).toBe(
      'https://git.example/acme/app.git',
    );
  },
);
