import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { loadAnewHere } from '../../support/load-anew-here.js';
import { tempFolder } from '../../support/temp-folder.js';

/** Where the system lets nothing be moved to. */
const refused = vi.hoisted(() => new Set<unknown>());

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const renameSync: typeof fs.renameSync = (from, to) => {
    if (refused.has(to)) throw Object.assign(new Error(`EBUSY: rename '${from}' -> '${to}'`), { code: 'EBUSY' });
    fs.renameSync(from, to);
  };
  return { ...fs, renameSync };
});

loadAnewHere();

test('where moving back is refused as well, a restore says both reasons, and what is left to be moved', async () => {
  const { aDataFolder, backUp, restoreTo } = await import('./a-data-folder.js');
  const { store, data } = await aDataFolder();
  await store.close();
  const file = join(await tempFolder('backups'), 'one.backup');
  await backUp(data, file);
  const elsewhere = await tempFolder('elsewhere');
  const [db, log] = ['hookyard.db', 'hookyard.db-wal'].map((name) => join(elsewhere, name)) as [string, string];
  for (const path of [db, log]) writeFileSync(path, `old ${path}`);
  for (const path of [db, log]) refused.add(path);
  const error: unknown = await restoreTo(elsewhere, file, { replace: true }).catch((thrown: unknown) => thrown);
  const [aside = '', ...others] = readdirSync(elsewhere);
  expect(others).toEqual([]);
  const asideOf = (path: string) => path.replace(elsewhere, join(elsewhere, aside));
  expect(error).toMatchObject({ name: 'BackupError' });
  const { message } = error as Error;
  expect(message).toMatch(/^The restore failed \(EBUSY: .*db'\), and so did moving back \(EBUSY: .*db-wal'\)/);
  expect(message).toContain(`Before you use it, move ${asideOf(log)} to ${log}, move ${asideOf(db)} to ${db}`);
  for (const path of [db, log]) expect(readFileSync(asideOf(path), 'utf8')).toBe(`old ${path}`);
});
