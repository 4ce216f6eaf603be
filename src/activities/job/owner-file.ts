import { lstat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, ownerSchema, thisProcess } from './owner.js';
import { readPlainFile } from './plain-file.js';

/** Name of the file that says which process a folder belongs to. */
export const OWNER_FILE = 'owner.json';

const MAX_BYTES = 4_096;

/** Notes in a folder that it belongs to this process. What takes longer than a minute has to keep that note fresh. */
export async function writeOwner(folder: string): Promise<void> {
  await writeFile(join(folder, OWNER_FILE), JSON.stringify(await thisProcess()));
}

/** Returns whether the process that a folder belongs to still runs; undefined where none is noted, or it can't be asked from here. */
export async function isOwnerAlive(folder: string): Promise<boolean | undefined> {
  const note = join(folder, OWNER_FILE);
  const noted = await lstat(note).catch(() => undefined);
  const owner = ownerSchema.safeParse(parsed(await readPlainFile(note, MAX_BYTES)));
  return noted && owner.success ? isAlive(owner.data, noted.mtimeMs) : undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
