import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { createGiteaApi } from '../../../src/providers/gitea/api/index.js';
import { configOf } from '../../support/harness/config.js';
import { type Answer, type LocalServer, type Received, startServer } from '../../support/harness/http-server.js';

const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
let server: LocalServer | undefined;
afterEach(() => server?.close());

async function stateOf(kind: 'gitea' | 'forgejo' | 'gogs', answer: (path: string) => Answer) {
  server = await startServer(({ method, path, headers }: Received) => {
    if (method !== 'GET') return { status: 405 };
    return headers.authorization === 'token t' ? answer(path) : { status: 401 };
  });
  const api = { url: server.url, token: { env: 'T' } };
  const here = { kind, url: 'https://code.example', secrets: [{ env: 'S' }], api };
  const source = configOf({ sources: { here } }, { S: 'x', T: 't' }).sources.here;
  if (source?.kind !== kind) throw new Error('no source');
  const { state } = createGiteaApi({ name: 'here', source, log: pino({ enabled: false }) }).repository('acme/shop');
  if (!state) throw new Error('no state');
  return state;
}

test.each(['gitea', 'forgejo'] as const)('a repository of %s without pull requests has none', async (kind) => {
  const state = await stateOf(kind, (path) => ({ status: path === '/api/v1/repos/acme/shop/pulls' ? 404 : 500 }));
  expect(await state.pullRequests?.()).toEqual({ items: [], complete: true });
});

test('whatever else keeps pull requests from being read is an error', async () => {
  const state = await stateOf('gitea', () => ({ status: 403 }));
  await expect(state.pullRequests?.()).rejects.toThrow('403');
});

test('Gitea tells of one branch, and that there is none', async () => {
  const path = '/api/v1/repos/acme/shop/branches/release/v1';
  const state = await stateOf('gitea', (asked) =>
    asked === path ? { status: 200, body: { name: 'release/v1', commit: { id: SHA } } } : { status: 404 },
  );
  expect(await state.branch?.('release/v1')).toEqual({ name: 'release/v1', sha: SHA });
  expect(await state.branch?.('gone')).toBeUndefined();
});

test('the default branch of Gogs is read, though there are more branches than are read', async () => {
  const names = [...Array.from({ length: 1_000 }, (_, n) => `b${n}`), 'main'];
  const about = { id: 42, full_name: 'acme/shop', html_url: 'https://code.example/acme/shop', default_branch: 'main' };
  const state = await stateOf('gogs', (path) => ({
    status: 200,
    body: path.endsWith('/branches') ? names.map((name) => ({ name, commit: { id: SHA } })) : about,
  }));
  const { items, complete } = await state.branches();
  expect(complete).toBe(false);
  expect(items).toHaveLength(1_000);
  expect(items[0]).toEqual({ name: 'main', sha: SHA });
});

const OBJECT = 'a'.repeat(40);

test.each(['gitea', 'forgejo'] as const)(
  '%s tells of tags, with the object that its deliveries name, and of releases',
  async (kind) => {
    const listed = (path: string) =>
      path.endsWith('/tags')
        ? [
            { name: 'v1', id: SHA, commit: { sha: SHA } },
            { name: 'v2', id: OBJECT, commit: { sha: SHA } },
          ]
        : [
            { tag_name: 'v2', name: 'Two', html_url: 'https://code.example/r', draft: false, prerelease: true },
            { tag_name: 'v3', draft: true },
          ];
    const state = await stateOf(kind, (path) => ({
      status: 200,
      headers: { 'x-total-count': '2' },
      body: listed(path),
    }));
    expect(await state.tags?.()).toEqual({
      items: [
        { name: 'v1', sha: SHA },
        { name: 'v2', sha: SHA, object: OBJECT },
      ],
      complete: true,
    });
    expect(await state.releases?.()).toEqual({
      items: [{ tag: 'v2', name: 'Two', url: 'https://code.example/r', prerelease: true }],
      complete: true,
    });
  },
);

test('Gogs tells of tags and releases all at once, and an older one has no such lists', async () => {
  const state = await stateOf('gogs', (path) =>
    path.endsWith('/tags') ? { status: 200, body: [{ name: 'v1', commit: { id: SHA } }] } : { status: 404 },
  );
  expect(await state.tags?.()).toEqual({ items: [{ name: 'v1', sha: SHA }], complete: true });
  expect(await state.releases?.()).toBeUndefined();
});
