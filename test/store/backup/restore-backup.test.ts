import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'libsql';
import { beforeEach, expect, test } from 'vitest';
import { OUTDATED_SIGNAL } from '../../../src/runs/names.js';
import { BackupError } from '../../../src/store/backup/backup-error.js';
import type { Manifest } from '../../../src/store/backup/manifest.js';
import { createArchive } from '../../../src/store/backup/new-archive.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import { tempFolder } from '../../support/temp-folder.js';
import { inLane } from '../a-claim.js';
import { aDataFolder, backUp, restoreTo, writeRuns, writeSecrets } from './a-data-folder.js';

let file: string;
let data: string;
let elsewhere: string;
let manifest: Manifest;

beforeEach(async () => {
  const { store, ...made } = await aDataFolder();
  data = made.data;
  await store.close();
  file = join(await tempFolder('backups'), 'one.backup');
  elsewhere = await tempFolder('elsewhere');
  manifest = await backUp(data, file);
});

async function refusal(of: Promise<unknown>): Promise<string> {
  const error = await of.then(
    () => new Error('it was restored'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BackupError);
  return (error as Error).message;
}

test('wherever a byte is changed, a restore refuses and leaves nothing, or restores what was put in', async () => {
  const whole = readFileSync(file);
  const expected = readFileSync(join(data, 'hookyard.db'));
  let refused = 0;
  for (let n = 0; n < 40; n += 1) {
    const bytes = Buffer.from(whole);
    const at = Math.floor((bytes.length * n) / 40) + n;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
    writeFileSync(file, bytes);
    const folder = await tempFolder('changed');
    const outcome = await restoreTo(folder, file).catch((error: unknown) => error);
    if (outcome instanceof Error) {
      expect(outcome).toBeInstanceOf(BackupError);
      expect(readdirSync(folder)).toEqual([]);
      refused += 1;
    } else {
      const { files } = outcome as { files: Manifest['files'] };
      expect(files).toEqual(manifest.files);
      expect(readFileSync(join(folder, 'hookyard.db')).length).toBe(expected.length);
    }
  }
  expect(refused).toBeGreaterThan(8);
});

test.each([0.1, 0.5, 0.9])('a backup of which only %d is there is refused', async (part) => {
  truncateSync(file, Math.floor(readFileSync(file).length * part));
  expect(await refusal(restoreTo(elsewhere, file))).toMatch(/damaged .*nothing was restored. Take an older one/);
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('one that was never finished is refused', async () => {
  const partial = `${file}.partial`;
  const archive = createArchive(partial, { name: partial });
  await archive.add('hookyard.db', [Buffer.from('x')], {
    onBytes: () => undefined,
    signal: new AbortController().signal,
  });
  archive.close();
  expect(await refusal(restoreTo(elsewhere, partial))).toMatch(/it was never finished/);
});

test.each([
  ['text', Buffer.from('not a backup')],
  ['an empty file', Buffer.alloc(0)],
])('%s is no backup', async (_, content) => {
  writeFileSync(file, content);
  expect(await refusal(restoreTo(elsewhere, file))).toMatch(/is no backup: hookyard backup makes one/);
});

test('a store is no backup, and a file that is not there is named', async () => {
  expect(await refusal(restoreTo(elsewhere, join(data, 'hookyard.db')))).toMatch(/is no backup/);
  expect(await refusal(restoreTo(elsewhere, `${file}.none`))).toBe(`There is no ${file}.none`);
});

/** Makes a backup of these bytes, of which the manifest says what it likes. */
async function forge(bytes: Buffer, changes: Partial<Manifest>, runs?: Buffer): Promise<string> {
  const forged = join(await tempFolder('forged'), 'forged.backup');
  const archive = createArchive(forged, { name: forged });
  const how = { onBytes: () => undefined, signal: new AbortController().signal };
  const files = [await archive.add('hookyard.db', [bytes], how)];
  if (runs) files.push(await archive.add('temporal.db', [runs], how));
  archive.finish({ ...manifest, ...changes, files });
  archive.close();
  return forged;
}

const storeBytes = () => readFileSync(join(data, 'hookyard.db'));

test.each([
  [{ schema: 999 }, /newer Hookyard \(1\.2\.3, schema 999; this one knows \d+\): restore it with that version/],
  [{ format: 2, version: '9.0.0' }, /newer Hookyard \(9\.0\.0\)/],
])('one of a newer version is refused: %j', async (changes, reason) => {
  expect(await refusal(restoreTo(elsewhere, await forge(storeBytes(), changes)))).toMatch(reason);
});

test('one whose manifest hookyard backup would not write is refused in words', async () => {
  const forged = await forge(storeBytes(), { createdAt: 'yesterday' });
  expect(await refusal(restoreTo(elsewhere, forged))).toMatch(
    /is damaged \(its manifest is not one that hookyard backup/,
  );
});

test('one of an older schema is brought up to date', async () => {
  const bytes = gunzipSync(readFileSync('test/compat/stored/store.db.gz'));
  const old = join(await tempFolder('old'), 'hookyard.db');
  writeFileSync(old, bytes);
  const db = new Database(old);
  const count = (table: string) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).all([]) as [{ n: number }])[0].n;
  const tables = ['deliveries', 'dispatches', 'log_lines', 'records', 'outbound_attempts'];
  const counts = Object.fromEntries(tables.map((table) => [table, count(table)])) as Manifest['counts'];
  db.close();
  await restoreTo(elsewhere, await forge(bytes, { schema: 1, counts }));
  const store = await openSqliteStore({ path: join(elsewhere, 'hookyard.db') });
  expect(await store.inbox.list({ limit: 100 })).toHaveLength(counts.deliveries);
  await store.close();
});

test('a store with other rows than the manifest counts is refused', async () => {
  const counts = { ...manifest.counts, deliveries: 4 };
  expect(await refusal(restoreTo(elsewhere, await forge(storeBytes(), { counts })))).toMatch(
    /should have 4 deliveries, and has 3/,
  );
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('a folder with data is refused; on purpose, what is there is moved aside with all that belongs to it', async () => {
  for (const name of ['hookyard.db', 'hookyard.db-wal', 'temporal.db-shm']) writeFileSync(join(elsewhere, name), name);
  writeFileSync(join(elsewhere, 'mirror'), 'stays');
  expect(await refusal(restoreTo(elsewhere, file))).toMatch(
    /holds data already \(hookyard\.db, hookyard\.db-wal, temporal\.db-shm\).*--force/,
  );
  const { movedTo = '' } = await restoreTo(elsewhere, file, { replace: true });
  expect(readdirSync(elsewhere).sort()).toEqual([movedTo, 'hookyard.db', 'mirror']);
  expect(readFileSync(join(elsewhere, movedTo, 'hookyard.db-wal'), 'utf8')).toBe('hookyard.db-wal');
});

test('other secrets are not replaced unasked, and equal ones are no hindrance', async () => {
  writeSecrets(data, { 'api-token': 'old', 'callback-key': 'same' });
  const withSecrets = `${file}.2`;
  await backUp(data, withSecrets, { secrets: true });
  writeSecrets(elsewhere, { 'api-token': 'new', 'callback-key': 'same' });
  expect(await refusal(restoreTo(elsewhere, withSecrets))).toMatch(/\(secrets\/api-token\)/);
  expect(readFileSync(join(elsewhere, 'secrets/api-token'), 'utf8')).toBe('new');
});

test('what a secret has replaced since the backup is moved aside with it, and counts no more', async () => {
  writeSecrets(data, { 'api-token': 'first', 'callback-key': 'same' });
  const withSecrets = `${file}.2`;
  await backUp(data, withSecrets, { secrets: true });
  const replaced = JSON.stringify([{ value: 'second', until: Date.now() + 60_000 }]);
  writeSecrets(elsewhere, { 'api-token': 'third', 'api-token.replaced': replaced, 'callback-key': 'same' });
  writeSecrets(elsewhere, { 'callback-key.replaced': replaced });
  const { movedTo = '', otherSecrets } = await restoreTo(elsewhere, withSecrets, { replace: true });
  const secretsIn = (folder: string) => readdirSync(join(folder, 'secrets')).sort();
  expect(secretsIn(elsewhere)).toEqual(['api-token', 'callback-key', 'callback-key.replaced']);
  expect(readFileSync(join(elsewhere, 'secrets/api-token'), 'utf8')).toBe('first');
  expect(secretsIn(join(elsewhere, movedTo))).toEqual(['api-token', 'api-token.replaced']);
  expect(otherSecrets).toEqual(['secrets/api-token']);
});

test('where the system refuses one of the files, the folder is as it was', async () => {
  writeSecrets(data, { 'api-token': 'x' });
  const withSecrets = `${file}.2`;
  await backUp(data, withSecrets, { secrets: true });
  const old = { 'hookyard.db': 'a store', 'hookyard.db-wal': 'its log', secrets: 'a file where a folder should be' };
  for (const [name, text] of Object.entries(old)) writeFileSync(join(elsewhere, name), text);
  expect(await refusal(restoreTo(elsewhere, withSecrets, { replace: true }))).toMatch(/is as it was: EEXIST/);
  expect(readdirSync(elsewhere).sort()).toEqual(Object.keys(old));
  for (const [name, text] of Object.entries(old)) expect(readFileSync(join(elsewhere, name), 'utf8')).toBe(text);
});

test('an interrupted restore leaves the folder as it was', async () => {
  const stop = new AbortController();
  stop.abort(new Error('stopped'));
  await expect(restoreTo(elsewhere, file, { signal: stop.signal })).rejects.toThrow('stopped');
  expect(readdirSync(elsewhere)).toEqual([]);
});

async function statesIn(folder: string): Promise<Record<string, string>> {
  const store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
  const list = await store.inbox.list({ limit: 10 });
  await store.close();
  return Object.fromEntries(list.map(({ key, dispatches }) => [key, dispatches[0]?.state ?? '']));
}

test('a start that waits in the store and has its run in Temporal’s copy is done', async () => {
  writeRuns(data, ['ci/hub/k1', 'ci/hub/k2']);
  const withRuns = `${file}.2`;
  expect((await backUp(data, withRuns)).begun).toEqual([2]);
  await restoreTo(elsewhere, withRuns);
  expect(await statesIn(elsewhere)).toEqual({ k1: 'done', k2: 'done', k3: 'pending' });
  expect(existsSync(join(elsewhere, 'temporal.db'))).toBe(true);
});

test('a run that was superseded before it was known to have begun is told so', async () => {
  const own = await openSqliteStore({ path: join(data, 'hookyard.db') });
  await own.inbox.accept(inLane('a', { onBusy: 'cancel-running' }));
  // Whoever starts it has no answer from Temporal yet.
  await own.inbox.claim({ limit: 10, leaseMs: 60_000 });
  await own.inbox.accept(inLane('b', { onBusy: 'cancel-running' }));
  await own.close();
  writeRuns(data, ['ci/hub/k1', 'a']);
  const withRuns = `${file}.2`;
  await backUp(data, withRuns);
  await restoreTo(elsewhere, withRuns);
  const restored = await openSqliteStore({ path: join(elsewhere, 'hookyard.db') });
  const due = await restored.inbox.claim({ limit: 10, leaseMs: 60_000 });
  await restored.close();
  expect(due).toMatchObject([{ workflowId: 'a', signal: OUTDATED_SIGNAL, payload: { by: 'b' } }]);
});

test('without runs, what was handed over before is not started again', async () => {
  writeRuns(data, ['ci/hub/k1', 'ci/hub/k2']);
  const withRuns = `${file}.2`;
  await backUp(data, withRuns);
  await restoreTo(elsewhere, withRuns, { runs: false });
  expect(await statesIn(elsewhere)).toEqual({ k1: 'done', k2: 'done', k3: 'pending' });
  expect(existsSync(join(elsewhere, 'temporal.db'))).toBe(false);
});

test('a start that Temporal’s copy lacks is handed over again where that copy is restored, and only there', async () => {
  writeRuns(data, []);
  const runs = readFileSync(join(data, 'temporal.db'));
  const forged = await forge(storeBytes(), { handedOver: [1] }, runs);
  await restoreTo(elsewhere, forged, { runs: false });
  expect(await statesIn(elsewhere)).toMatchObject({ k1: 'done' });
  await restoreTo(elsewhere, forged, { replace: true });
  expect(await statesIn(elsewhere)).toMatchObject({ k1: 'pending' });
});
