import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import type { Manifest } from '../../../src/store/backup/manifest.js';
import { type Restored, type RestoreRequest, restoreBackup } from '../../../src/store/backup/restore-backup.js';
import { type BackupRequest, takeBackup } from '../../../src/store/backup/take-backup.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { tempFolder } from '../../support/temp-folder.js';
import { aDelivery } from '../a-delivery.js';

/** Opens a store in a data folder of its own, with something of everything in it. */
export async function aDataFolder(): Promise<{ data: string; store: Store }> {
  const data = await tempFolder('data');
  const store = await openSqliteStore({ path: join(data, 'hookyard.db') });
  for (const key of ['k1', 'k2', 'k3'])
    await store.inbox.accept(aDelivery(key, { body: Buffer.from(`body of ${key}`) }));
  await store.inbox.signal({ id: 's1', workflowId: 'ci/hub/k1', signal: 'approve', payload: { by: 'ada' } });
  const [first] = await store.inbox.claim({ limit: 1, leaseMs: 60_000 });
  await store.inbox.settle([{ id: first?.id ?? '', outcome: 'done', runId: 'r1' }]);
  const lines = ['one', 'two'].map((text) => ({ at: 1, stream: 'stdout' as const, attempt: 1, text }));
  await store.logs.append({ workflowId: 'ci/hub/k1', job: 'build' }, lines);
  await store.records.upsert({ collection: 'issues', key: '7', version: 3, data: { title: 'Größe ✓' } });
  await store.records.upsert({ collection: 'issues', key: '8', version: '2026-01-02', data: { title: 'b' } });
  await store.attempts.add({ messageId: 'm1', endpoint: 'partner', attempt: 1, at: 5, durationMs: 1.5, status: 500 });
  return { data, store };
}

/** Writes what stands for the database of a Temporal server: the table of the names of its runs. */
export function writeRuns(data: string, workflowIds: readonly string[]): void {
  const db = new Database(join(data, 'temporal.db'));
  db.exec('CREATE TABLE current_executions (workflow_id TEXT, state INTEGER)');
  for (const id of workflowIds) db.prepare('INSERT INTO current_executions VALUES (?, 2)').run([id]);
  db.close();
}

/** Writes generated secrets into a data folder. */
export function writeSecrets(data: string, secrets: Readonly<Record<string, string>>): void {
  mkdirSync(join(data, 'secrets'), { recursive: true });
  for (const [name, text] of Object.entries(secrets)) writeFileSync(join(data, 'secrets', name), text, { mode: 0o600 });
}

/** Makes a backup of a data folder as a user without options does. */
export function backUp(data: string, file: string, more: Partial<BackupRequest> = {}): Promise<Manifest> {
  return takeBackup({
    data,
    file,
    overwrite: false,
    runs: true,
    secrets: false,
    version: '1.2.3',
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...more,
  });
}

/** Restores a backup as a user without options does. */
export function restoreTo(data: string, file: string, more: Partial<RestoreRequest> = {}): Promise<Restored> {
  return restoreBackup({
    file,
    data,
    runs: true,
    replace: false,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...more,
  });
}
