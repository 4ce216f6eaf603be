import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { ArtifactBook } from '../../../src/activities/job/artifacts/artifact-book.js';
import { createArtifactSweep } from '../../../src/activities/job/artifacts/sweep-artifacts.js';
import type { CacheBook } from '../../../src/activities/job/cache/cache-book.js';
import { createCacheSweep } from '../../../src/activities/job/cache/sweep-caches.js';
import type { BlobStorage } from '../../../src/storage/blob-storage.js';
import { openFolderStorage } from '../../../src/storage/folder-storage.js';
import { put } from '../../storage/keeps-blobs.js';
import { tempFolder } from '../../support/temp-folder.js';

let folder: string;
let storage: BlobStorage;
beforeEach(async () => {
  folder = await tempFolder('swept');
  storage = openFolderStorage(folder, { canBeRemade: true });
});

/** What a book says each time it is looked through. */
type Said = readonly (readonly { readonly hash: string }[])[];

const config = { cache: { enabled: true, megabytes: 100, entryMegabytes: 100, days: 7 } };
const sweeps = {
  artifacts: async (of: BlobStorage, said: Said) => {
    const book = { all: all(said, await storage.place()), claims: async () => [] } as Partial<ArtifactBook>;
    return createArtifactSweep({ storage: of, book: book as ArtifactBook });
  },
  caches: async (of: BlobStorage, said: Said) => {
    const book = { all: all(said, await storage.place()) } as Partial<CacheBook>;
    return createCacheSweep({ config, storage: of, book: book as CacheBook });
  },
};

function all(said: Said, place: string): () => AsyncGenerator<never> {
  let asked = 0;
  return async function* () {
    const entries = said[Math.min(asked++, said.length - 1)] ?? [];
    for (const entry of entries) yield { ...entry, place, savedAt: Date.now(), expiresAt: Infinity } as never;
  };
}

async function age(hash: string, minutes: number): Promise<void> {
  const at = Date.now() / 1000 - minutes * 60;
  await utimes(join(folder, 'blobs', hash.slice(0, 2), hash), at, at);
}

const left = async () => (await storage.list()).map(({ hash }) => hash);

test.each(['artifacts', 'caches'] as const)(
  'what nothing names goes once it is older than an hour: %s',
  async (what) => {
    const [newer, older] = [await put(storage, 'newer'), await put(storage, 'older')];
    await age(newer.hash, 55);
    await age(older.hash, 65);
    await (await sweeps[what](storage, [[]]))();
    expect(await left()).toEqual([newer.hash]);
  },
);

test.each(['artifacts', 'caches'] as const)('what is named while a sweep is under way stays: %s', async (what) => {
  const { hash } = await put(storage, 'kept once more');
  await age(hash, 65);
  await (await sweeps[what](storage, [[], [{ hash }]]))();
  expect(await left()).toEqual([hash]);
});

test('however many go, what is named is read no more than once for a hundred of them', async () => {
  for (let i = 0; i < 150; i++) await age((await put(storage, `old ${i}`)).hash, 65);
  let looks = 0;
  const book: Partial<ArtifactBook> = {
    claims: async () => [],
    async *all() {
      looks += 1;
      yield* [];
    },
  };
  await createArtifactSweep({ storage, book: book as ArtifactBook })();
  expect([await left(), looks]).toEqual([[], 3]);
});

test.each(['artifacts', 'caches'] as const)('where tidying fails, the rest of a sweep is done: %s', async (what) => {
  const { hash } = await put(storage, 'old');
  await age(hash, 65);
  const tidy = () => Promise.reject(new Error('it can not be tidied'));
  await expect((await sweeps[what]({ ...storage, tidy }, [[]]))()).rejects.toThrow('it can not be tidied');
  expect(await left()).toEqual([]);
});
