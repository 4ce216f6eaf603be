import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes the data folder, open to its owner only, and has git ignore everything in it: it holds secrets and private code,
 * and lies in a project. A folder that is itself a project is left alone.
 */
export function makeDataFolder(data: string): void {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  ignoreData(data);
}

/** Has git ignore a data folder that is there already. */
export function ignoreData(data: string): void {
  if (!existsSync(data) || ['.gitignore', 'package.json', '.git'].some((name) => existsSync(join(data, name)))) return;
  try {
    writeFileSync(join(data, '.gitignore'), '*\n', { flag: 'wx' });
  } catch {
    // Another process was faster, or the folder is read-only.
  }
}
