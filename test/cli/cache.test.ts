import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ListedCache } from '../../src/server/api/contract.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place } from '../support/harness/place.js';

const ENTRY: ListedCache = {
  ...{ source: 'github', repository: 'acme/app', branch: 'refs/heads/main', key: 'npm-\u001b[31m1', paths: ['src/x'] },
  ...{
    platform: 'linux-x64',
    bytes: 3 * 1024 * 1024,
    files: 9,
    savedAt: '2026-11-26T10:00:00.000Z',
    run: 'ci/github/1',
  },
};

let place: Place;
let server: LocalServer;
let asked: unknown[];
beforeAll(async () => {
  place = await openPlace();
  server = await startServer(({ headers, path, query, method, body }) => {
    if (headers.authorization !== `Bearer ${API_TOKEN}`) return { status: 401, body: {} };
    if (path === '/api/caches' && method === 'GET') {
      asked.push(Object.fromEntries(query));
      const isSecond = query.get('after') === 'k';
      return { status: 200, body: { caches: [ENTRY], ...(!isSecond && { next: 'k' }) } };
    }
    if (path !== '/api/caches/clear' || method !== 'POST') return { status: 404, body: {} };
    const said = body as { readonly after?: string };
    asked.push(said);
    return { status: 200, body: { removed: 2, bytes: 1024 * 1024, ...(said.after === undefined && { next: 'k' }) } };
  });
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
});

const cache = (...args: string[]) => place.hookyard(['cache', ...args, '--url', server.url]);

test('hookyard cache list prints all pages with their size and what they sum up to, or JSON', async () => {
  const words = await cache('list', '--repository', 'acme/app');
  expect(words.out.trimEnd().split('\n')).toEqual([
    '    3.0 MB  acme/app main  npm-1  2026-11-26 10:00 by ci/github/1',
    '    3.0 MB  acme/app main  npm-1  2026-11-26 10:00 by ci/github/1',
    '    6.0 MB  in 2 entries',
  ]);
  expect(asked).toEqual([{ repository: 'acme/app' }, { repository: 'acme/app', after: 'k' }]);
  expect(JSON.parse((await cache('list', '--json')).out)).toEqual({ caches: [ENTRY, ENTRY] });
});

test('hookyard cache clear removes what is named, page by page, and nothing where nothing is', async () => {
  const { out } = await cache('clear', '--branch', 'topic');
  expect(out.trim()).toBe('Removed: 4 entries, 2.0 MB, which workers free within a quarter of an hour');
  expect(asked).toEqual([{ branch: 'topic' }, { branch: 'topic', after: 'k' }]);
  const none = await cache('clear');
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining('Say what is to be removed') });
  expect(asked).toHaveLength(2);
});
