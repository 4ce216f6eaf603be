import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What is noted of the files of a repository between jobs. */
const noteSchema = z.object({
  /** SHA-256 of the index. */
  index: z.string(),
  kilobytes: z.number(),
});

/** What is noted of the files of a repository between jobs. */
export type TreeNote = z.output<typeof noteSchema>;

const NAME = 'tree.json';

/** Returns the note of a kept tree; undefined if there is none, or one that can't be read. */
export async function readNote(folder: string): Promise<TreeNote | undefined> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(join(folder, NAME), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes the note of a tree that is about to be kept. */
export async function writeNote(folder: string, note: TreeNote): Promise<void> {
  await writeFile(join(folder, NAME), JSON.stringify(note));
}

/** Returns a file's SHA-256. */
export async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
