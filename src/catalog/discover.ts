import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ModuleError } from '../compile/bundle.js';

/**
 * Returns the paths of the workflow modules in a folder, sorted by name: its `.ts` files, without tests, declarations and
 * those that begin with `_` (for what modules share). Sub-folders are not searched; modules may import from them. Throws
 * {@link ModuleError} when the folder can't be read.
 */
export async function discover(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    const words = `The automations folder ${folder} can't be read (${error.code}): create it, or set HOOKYARD_AUTOMATIONS to another folder`;
    throw new ModuleError([words]);
  });
  return entries
    .filter((entry) => entry.isFile() && /^[^_.].*\.ts$/.test(entry.name) && !/\.(d|test|spec)\.ts$/.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}
