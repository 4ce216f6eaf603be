import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readPlainFile, withPlainFile } from '../plain-file.js';

/** What is noted of the files of a repository between jobs. */
const noteSchema = z.object({
  /** SHA-256 of the index. */
  index: z.string(),
  kilobytes: z.number(),
});

/** What is noted of the files of a repository between jobs. */
export type TreeNote = z.output<typeof noteSchema>;

const NAME = 'tree.json';
/** In bytes. An index of a million files has some 100 MB. */
const MAX_NOTE = 4_096;
const MAX_INDEX = 1024 * 1024 * 1024;

/** Returns the note of a kept tree; undefined if there is none, or one that can't be read. */
export async function readNote(folder: string): Promise<TreeNote | undefined> {
  try {
    return noteSchema.parse(JSON.parse((await readPlainFile(join(folder, NAME), MAX_NOTE)) ?? ''));
  } catch {
    return undefined;
  }
}

/** Writes the note of a tree that is about to be kept. */
export async function writeNote(folder: string, note: TreeNote): Promise<void> {
  await writeFile(join(folder, NAME), JSON.stringify(note));
}

/** Returns an index's SHA-256; undefined where there is no plain file, or a larger one than an index can be. */
export function hashOf(path: string): Promise<string | undefined> {
  return withPlainFile(path, async (file) => {
    if ((await file.stat()).size > MAX_INDEX) return undefined;
    const hash = createHash('sha256');
    for await (const part of file.createReadStream({ autoClose: false, end: MAX_INDEX })) hash.update(part);
    return hash.digest('hex');
  });
}
