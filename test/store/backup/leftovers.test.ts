import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeStaged, scratchBeside, stageIn } from '../../../src/store/backup/leftovers.js';
import { tempFolder } from '../../support/temp-folder.js';

test('a backup removes what one that was killed has left beside it, and nothing else', async () => {
  const folder = await tempFolder('backups');
  const killed = join(folder, 'monday.backup.partial-aB3dE6');
  mkdirSync(join(killed, 'secrets'), { recursive: true });
  for (const name of ['owner.lock', 'secrets/api-token']) writeFileSync(join(killed, name), '');
  const others = ['notes.partial-aB3dE6', 'x.partial-aB3dE6-kept', 'monday.backup'];
  for (const name of others) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'x.partial-aB3dE6-kept', 'owner.lock'), '');
  const underWay = scratchBeside(join(folder, 'tuesday.backup'));
  const { folder: own, remove } = scratchBeside(join(folder, 'wednesday.backup'));
  expect(existsSync(killed)).toBe(false);
  expect(existsSync(underWay.folder)).toBe(true);
  remove();
  expect(existsSync(own)).toBe(false);
  underWay.remove();
  expect(readdirSync(folder).sort()).toEqual([...others].sort());
});

test("a data folder's owner removes what restores that were killed have left in it, and nothing else", async () => {
  const data = await tempFolder('data');
  const staged = stageIn(data);
  mkdirSync(join(staged, 'secrets'));
  writeFileSync(join(staged, 'secrets', 'api-token'), '');
  const others = ['.restore-notes-of-mine', 'before-restore-2026-01-01-aB3dE6', 'secrets'];
  for (const name of others) mkdirSync(join(data, name));
  removeStaged(data);
  expect(readdirSync(data).sort()).toEqual([...others].sort());
});
