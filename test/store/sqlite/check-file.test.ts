import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkFile } from '../../../src/store/sqlite/check-file.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import { StoreDamagedError } from '../../../src/store/store.js';
import { tempFolder } from '../../support/temp-folder.js';
import { aDelivery } from '../a-delivery.js';

const within = { ms: 30_000, signal: new AbortController().signal };

async function aStore(): Promise<string> {
  const path = join(await tempFolder('check'), 'store.db');
  const store = await openSqliteStore({ path });
  for (let n = 0; n < 20; n += 1)
    await store.inbox.accept(aDelivery(`k${n}`, { bodyHash: `${n}`, body: Buffer.alloc(10_000, 'x') }));
  await store.close();
  return path;
}

/** Overwrites what lies from a byte on, to the end. */
async function spoil(path: string, from: number): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(size - from, 0xab), 0, size - from, from);
  await file.close();
}

test('a sound file is sound, also while it is written to', async () => {
  const path = await aStore();
  const store = await openSqliteStore({ path });
  const checking = checkFile(path, within);
  await store.inbox.accept(aDelivery('meanwhile'));
  expect(await checking).toEqual({ kind: 'sound' });
  await store.close();
});

test.each([
  ['whose later pages are spoilt', 16_384],
  ['that is no database', 0],
])('a file %s is damaged', async (_, from) => {
  const path = await aStore();
  await spoil(path, from);
  expect(await checkFile(path, within)).toMatchObject({ kind: 'damaged', because: expect.stringMatching(/^[^*\n]+$/) });
});

test('a file whose schema is spoilt is damaged, and is not opened as one', async () => {
  const path = await aStore();
  const bytes = await readFile(path);
  bytes.write('CREXTE', bytes.indexOf('CREATE TABLE deliveries'));
  await writeFile(path, bytes);
  const because = expect.stringContaining('malformed database schema');
  expect(await checkFile(path, within)).toMatchObject({ kind: 'damaged', because });
  await expect(openSqliteStore({ path })).rejects.toThrow(StoreDamagedError);
});

test('a check that is stopped, or takes too long, says that it does not know', async () => {
  const path = await aStore();
  const stop = new AbortController();
  const checking = checkFile(path, { ms: 30_000, signal: stop.signal });
  stop.abort();
  expect(await checking).toMatchObject({ kind: 'unknown' });
  expect(await checkFile(path, { ms: 1, signal: within.signal })).toMatchObject({
    kind: 'unknown',
    because: expect.stringContaining('longer'),
  });
});
