import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ModuleError } from '../compile/bundle.js';

/**
 * The workflow modules of a folder, sorted by name: its `.ts` files, without tests, declarations and those that begin
 * with `_` (for what modules share). Sub-folders are theirs to import from. Throws with what to do when there is no
 * such folder.
 */
export async function discover(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    const words = `The automations folder ${folder} can't be read (${error.code}): create it, or name another by HOOKYARD_AUTOMATIONS`;
    throw new ModuleError([words]);
  });
  return entries
    .filter((entry) => entry.isFile() && /^[^_.].*\.ts$/.test(entry.name) && !/\.(d|test|spec)\.ts$/.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}
