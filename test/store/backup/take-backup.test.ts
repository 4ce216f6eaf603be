import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BackupError } from '../../../src/store/backup/backup-error.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { tempFolder } from '../../support/temp-folder.js';
import { aDelivery } from '../a-delivery.js';
import { aDataFolder, backUp, restoreTo, writeRuns, writeSecrets } from './a-data-folder.js';

let data: string;
let store: Store;
let elsewhere: string;
let file: string;

beforeEach(async () => {
  ({ data, store } = await aDataFolder());
  elsewhere = await tempFolder('elsewhere');
  file = join(await tempFolder('backups'), 'one.backup');
});
afterEach(() => store.close());

async function everythingIn(of: Store) {
  const deliveries = await of.inbox.list({ limit: 100 });
  return {
    deliveries,
    bodies: await Promise.all(deliveries.map(async ({ id }) => String(await of.inbox.body(id)))),
    backlog: await of.inbox.backlog(),
    lines: await of.logs.read({ workflowId: 'ci/hub/k1', job: 'build' }, { after: 0, limit: 10 }),
    records: await of.records.list('issues', { limit: 10 }),
    attempts: await of.attempts.list({ limit: 10 }),
  };
}

test('what a store holds is there after a restore, while the store it was taken from goes on', async () => {
  const before = await everythingIn(store);
  const manifest = await backUp(data, file);
  await store.inbox.accept(aDelivery('later'));
  await restoreTo(elsewhere, file);
  const restored = await openSqliteStore({ path: join(elsewhere, 'hookyard.db') });
  expect(await everythingIn(restored)).toEqual(before);
  await restored.close();
  expect(manifest.counts).toEqual({ deliveries: 3, dispatches: 4, log_lines: 2, records: 2, outbound_attempts: 1 });
  expect(await store.inbox.list({ limit: 100 })).toHaveLength(4);
});

test('a backup under load holds a delivery whole or not at all, and each that was answered before it began', async () => {
  const answered: string[] = [];
  let goOn = true;
  const load = async (of: number) => {
    for (let n = 0; goOn; n += 1) {
      await store.inbox.accept(aDelivery(`load-${of}-${n}`, { body: Buffer.alloc(2_000, `${of}-${n} `) }));
      answered.push(`load-${of}-${n}`);
    }
  };
  const loads = [1, 2, 3, 4].map(load);
  await expect.poll(() => answered.length, { timeout: 20_000 }).toBeGreaterThan(100);
  const before = [...answered];
  await backUp(data, file);
  goOn = false;
  await Promise.all(loads);
  expect(answered.length).toBeGreaterThan(before.length);
  await restoreTo(elsewhere, file);
  const restored = await openSqliteStore({ path: join(elsewhere, 'hookyard.db') });
  const keys = new Set<string>();
  for (const { id, key, bodyBytes, dispatches } of await restored.inbox.list({ limit: 500 })) {
    keys.add(key);
    expect((await restored.inbox.body(id))?.byteLength).toBe(bodyBytes);
    expect(dispatches).toHaveLength(1);
  }
  const known = await restored.inbox.has('hub', before.slice(0, 1_000));
  await restored.close();
  expect([...known].sort()).toEqual(before.slice(0, 1_000).sort());
});

test('the file is its owner’s alone, and one that is there is replaced only on purpose', async () => {
  await backUp(data, file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await expect(backUp(data, file)).rejects.toThrow(/is there already.*--force/);
  await backUp(data, file, { overwrite: true });
  expect(readdirSync(join(file, '..'))).toEqual(['one.backup']);
});

test('secrets are in it only when asked for', async () => {
  writeSecrets(data, { 'api-token': 'hunter2-hunter2', 'callback-key': 'c' });
  const without = await backUp(data, file);
  expect(without.files.map(({ name }) => name)).toEqual(['hookyard.db']);
  const others = `${file}.2`;
  const withThem = await backUp(data, others, { secrets: true });
  expect(withThem.files.map(({ name }) => name)).toEqual(['hookyard.db', 'secrets/api-token', 'secrets/callback-key']);
  const { files } = await restoreTo(elsewhere, others);
  expect(files).toHaveLength(3);
  expect(readFileSync(join(elsewhere, 'secrets/api-token'), 'utf8')).toBe('hunter2-hunter2');
  expect(statSync(join(elsewhere, 'secrets/api-token')).mode & 0o777).toBe(0o600);
});

test('a secret that is a link to a file elsewhere is in it by its content, and links that lead nowhere are not', async () => {
  writeSecrets(data, { 'api-token': 'a' });
  const mounted = join(await tempFolder('mounted'), 'token');
  writeFileSync(mounted, 'b');
  symlinkSync(mounted, join(data, 'secrets/github'));
  symlinkSync(`${mounted}.none`, join(data, 'secrets/gone'));
  await backUp(data, file, { secrets: true });
  await restoreTo(elsewhere, file);
  expect(readdirSync(join(elsewhere, 'secrets')).sort()).toEqual(['api-token', 'github']);
  expect(readFileSync(join(elsewhere, 'secrets/github'), 'utf8')).toBe('b');
});

test('what other programs leave beside the secrets is left out, and the backup can be restored', async () => {
  writeSecrets(data, { 'api-token': 'hunter2-hunter2', '.DS_Store': 'x', 'a copy of it~': 'y' });
  await backUp(data, file, { secrets: true });
  const { files } = await restoreTo(elsewhere, file);
  expect(files.map(({ name }) => name)).toEqual(['hookyard.db', 'secrets/api-token']);
});

test('Temporal’s database is in it where it is in the data folder, and runs are not elsewhere', async () => {
  writeRuns(data, ['ci/hub/k1']);
  expect((await backUp(data, file)).files.map(({ name }) => name)).toEqual(['temporal.db', 'hookyard.db']);
  const { files } = await backUp(data, `${file}.2`, { runs: false });
  expect(files.map(({ name }) => name)).toEqual(['hookyard.db']);
});

test('a backup that is interrupted leaves nothing, and none is there before all of it is', async () => {
  const stop = new AbortController();
  await store.inbox.accept(aDelivery('large', { body: Buffer.alloc(3_000_000, 'x') }));
  const seen: string[][] = [];
  const onProgress = () => {
    seen.push(readdirSync(join(file, '..')));
    stop.abort(new Error('stopped'));
  };
  await expect(backUp(data, file, { onProgress, signal: stop.signal })).rejects.toThrow('stopped');
  expect(seen).toEqual([[expect.stringMatching(/^one\.backup\.partial-/)]]);
  expect(readdirSync(join(file, '..'))).toEqual([]);
});

test.each([
  ['no store', async () => tempFolder('empty'), /has no hookyard\.db/],
  ['a store of a newer version', newerStore, /newer Hookyard \(schema 999/],
  ['a damaged store', damagedStore, /hookyard\.db is damaged/],
])('%s is not backed up, and the reason is told', async (_, folder, reason) => {
  const error = await backUp(await folder(), file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BackupError);
  expect(String(error)).toMatch(reason);
  expect(readdirSync(join(file, '..'))).toEqual([]);
});

test('a folder that is not there, and a folder in place of a file, are told as such', async () => {
  await expect(backUp(data, join(elsewhere, 'none/one.backup'))).rejects.toThrow(/There is no folder .*none: make it/);
  await expect(backUp(data, elsewhere)).rejects.toThrow(/is a folder: name a file in it/);
});

async function newerStore(): Promise<string> {
  await store.close();
  const db = new Database(join(data, 'hookyard.db'));
  db.exec('PRAGMA user_version = 999');
  db.close();
  return data;
}

async function damagedStore(): Promise<string> {
  await store.close();
  const path = join(data, 'hookyard.db');
  const bytes = readFileSync(path);
  // The pages after the first: what the schema says is where it was, and what is there makes no sense.
  bytes.fill(0x5a, 8 * 4096, 20 * 4096);
  writeFileSync(path, bytes);
  return data;
}
