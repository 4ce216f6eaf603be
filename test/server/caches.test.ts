import { afterAll, beforeAll, expect, test } from 'vitest';
import { ARTIFACTS } from '../../src/runs/artifact-records.js';
import { CACHES } from '../../src/runs/cache-records.js';
import { clearCaches, listCaches } from '../../src/server/api/caches.js';
import { createKeptMetric } from '../../src/server/kept-metric.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { tempFolder } from '../support/temp-folder.js';

let store: Store;
beforeAll(async () => {
  store = await openSqliteStore({ path: `${await tempFolder('caches')}/store.db` });
  const entry = (i: number) => ({
    ...{ source: i % 2 === 0 ? 'github' : 'gitlab', repository: i < 300 ? 'acme/app' : 'acme/shop' },
    ...{ branch: i % 3 === 0 ? 'refs/heads/main' : 'refs/heads/topic', key: `npm-${i}`, paths: ['src/x'] },
    ...{ platform: 'linux-x64', place: 'here', hash: 'a'.repeat(64), bytes: 10, files: 1, savedAt: i, run: 'ci/1' },
  });
  for (let i = 0; i < 600; i++)
    await store.records.upsert({ collection: CACHES, key: `k${i}`, version: i, data: entry(i) });
  await store.records.upsert({ collection: CACHES, key: 'unreadable', version: 1, data: { of: 'a later version' } });
});
afterAll(() => store.close());

type Filter = Omit<Parameters<typeof listCaches>[1], 'after'>;

async function all(filter: Filter) {
  const found = [];
  for (let after: string | undefined; ; ) {
    const { caches, next } = await listCaches(store.records, { ...filter, after });
    found.push(...caches);
    if (next === undefined) return found;
    after = next;
  }
}

test('entries are listed in pages, by what is named, and without where they lie', async () => {
  expect(await all({})).toHaveLength(600);
  expect(await all({ source: 'github', repository: 'acme/app' })).toHaveLength(150);
  expect(await all({ source: 'github', repository: 'Acme/App' })).toHaveLength(150);
  expect(await all({ branch: 'main' })).toHaveLength(200);
  expect(await all({ branch: 'refs/heads/main' })).toHaveLength(200);
  const found = await all({ key: 'npm-599' });
  expect(found).toMatchObject([{ repository: 'acme/shop', key: 'npm-599', savedAt: '1970-01-01T00:00:00.599Z' }]);
  expect(JSON.stringify(found)).not.toMatch(/here|aaaa/);
});

test('the metrics tell what is cached and kept of each source', async () => {
  const text = await createKeptMetric(store.records)();
  expect(text).toContain('hookyard_cache_bytes{source="github"} 3000');
  expect(text).toContain('hookyard_cache_bytes{source="gitlab"} 3000');
  await store.records.upsert({ collection: ARTIFACTS, key: 'a', version: 1, data: { source: 'github', bytes: 7 } });
  expect(await createKeptMetric(store.records)()).toContain('hookyard_artifact_bytes{source="github"} 7');
});

test('what is named is removed, page by page, and nothing where nothing is named', async () => {
  await expect(clearCaches(store.records, {})).rejects.toThrow('send { "repository"');
  await expect(clearCaches(store.records, { after: 'k1' })).rejects.toThrow('send { "repository"');
  let removed = 0;
  for (let after: string | undefined; ; ) {
    const answer = await clearCaches(store.records, { branch: 'topic', ...(after !== undefined && { after }) });
    removed += answer.removed;
    expect(answer.bytes).toBe(10 * answer.removed);
    if (answer.next === undefined) break;
    after = answer.next;
  }
  expect(removed).toBe(400);
  expect(await all({})).toHaveLength(200);
  expect((await clearCaches(store.records, { all: true })).removed).toBe(200);
  expect(await all({})).toEqual([]);
});
