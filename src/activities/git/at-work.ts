import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { keepFresh } from '../job/keep-fresh.js';
import { killByVariable } from '../job/kill-by-env.js';
import { isAlive, ownerSchema, thisProcess } from '../job/owner.js';
import { readPlainFile } from '../job/plain-file.js';
import { GIT_OF, GIT_OF_VARIABLE } from './git.js';
import { locksIn } from './repair.js';

/*
 * Whoever changes a mirror says so in a note there. A git that is killed leaves locks, which would block every later one: they are
 * removed at once where all notes are of workers that have died.
 */

/** In a mirror's folder: the notes. */
const NOTES = 'hookyard-at-work';
const MAX_NOTE = 4_096;
/** Who wrote a note that can't be read, or is on another host, is done after that. */
const ABANDONED_MS = 24 * 60 * 60_000;

/** `gits`: what the environment of that worker's gits says. */
const noteSchema = z.object({ owner: ownerSchema, gits: z.string() });

/** Changes a mirror. Before that, removes the locks that a worker has left in it which was killed, unless another is at work there. */
export async function atWorkIn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const notes = join(folder, NOTES);
  const own = join(notes, randomUUID());
  await mkdir(notes).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await writeFile(own, JSON.stringify({ owner: await thisProcess(), gits: GIT_OF }));
  const letGo = keepFresh(own);
  try {
    await clearUp(folder, own);
    return await work();
  } finally {
    letGo();
    await rm(own, { force: true });
  }
}

async function clearUp(folder: string, own: string): Promise<void> {
  const left = await leftNotes(folder, own);
  // Where processes can't be listed, a git may live on that its worker has left behind.
  if (left.length === 0 || process.platform !== 'linux') return;
  for (const { gits } of left) if (gits !== undefined) await killByVariable(GIT_OF_VARIABLE, gits);
  const locks = await locksIn(folder);
  // Whoever has begun meanwhile has made none of these.
  if ((await leftNotes(folder, own)).length === 0) return;
  for (const path of [...locks, ...left.map(({ note }) => note)]) await rm(path, { force: true });
}

/** A note of a worker that is at work no more. */
interface LeftNote {
  readonly note: string;
  readonly gits?: string;
}

/** Returns the notes that workers have left; none if any of the others is of one that may be at work. */
async function leftNotes(folder: string, own: string): Promise<readonly LeftNote[]> {
  const names = await readdir(join(folder, NOTES));
  const others = names.map((name) => join(folder, NOTES, name)).filter((note) => note !== own);
  const left = await Promise.all(others.map(leftNote));
  return left.every((one) => one !== undefined) ? left : [];
}

async function leftNote(note: string): Promise<LeftNote | undefined> {
  // Where the system does not tell, it may have been written just now.
  const { mtimeMs } = (await stat(note).catch(() => undefined)) ?? { mtimeMs: Date.now() };
  const read = noteSchema.safeParse(parsed((await readPlainFile(note, MAX_NOTE)) ?? ''));
  switch (read.success ? await isAlive(read.data.owner, mtimeMs) : undefined) {
    case true:
      return undefined;
    case false:
      return { note, ...(read.success && { gits: read.data.gits }) };
    default:
      return Date.now() - mtimeMs > ABANDONED_MS ? { note } : undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
