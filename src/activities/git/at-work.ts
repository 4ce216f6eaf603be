import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { keepFresh } from '../job/keep-note-fresh.js';
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

/** Clocks of file systems go by ticks: what was made less than that before counts as later. */
const TICK_MS = 100;

/**
 * `gits`: what the environment of that worker's gits says. `began`: when it began, by the file system's clock, Unix ms; versions before
 * did not tell.
 */
const noteSchema = z.object({ owner: ownerSchema, gits: z.string(), began: z.number().optional() });

/** Changes a mirror. Before that, removes the locks that a worker has left in it which was killed, and that nobody at work there has made. */
export async function atWorkIn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const notes = join(folder, NOTES);
  const own = join(notes, randomUUID());
  await mkdir(notes).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await writeFile(own, '');
  const { mtimeMs: began } = await stat(own);
  await writeFile(own, JSON.stringify({ owner: await thisProcess(), gits: GIT_OF, began }));
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
  const { left } = await othersIn(folder, own);
  // Where processes can't be listed, a git may live on that its worker has left behind.
  if (left.length === 0 || process.platform !== 'linux') return;
  for (const { gits } of left) if (gits !== undefined) await killByVariable(GIT_OF_VARIABLE, gits);
  const locks = await locksIn(folder);
  // Whoever has begun meanwhile has made none of these.
  const { left: still, since } = await othersIn(folder, own);
  if (still.length === 0) return;
  let isAll = true;
  for (const path of locks) {
    const made = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (made === undefined || made < since - TICK_MS) await rm(path, { force: true });
    else isAll = false;
  }
  // Otherwise they are looked for again once those at work have gone.
  if (isAll) for (const { note } of left) await rm(note, { force: true });
}

/** A note of a worker that is at work no more. */
interface LeftNote {
  readonly kind: 'left';
  readonly note: string;
  readonly gits?: string;
}

/** A note of a worker that may be at work. `began`: see {@link noteSchema}. */
interface LiveNote {
  readonly kind: 'live';
  readonly began: number | undefined;
}

/** Who else has left notes, and since when those may have made locks that may be at work: Unix ms; never where there are none. */
interface Others {
  readonly left: readonly LeftNote[];
  readonly since: number;
}

async function othersIn(folder: string, own: string): Promise<Others> {
  const names = await readdir(join(folder, NOTES));
  const others = names.map((name) => join(folder, NOTES, name)).filter((note) => note !== own);
  const read = await Promise.all(others.map(readNote));
  const live = read.filter((one) => one.kind === 'live');
  return {
    left: read.filter((one) => one.kind === 'left'),
    since: Math.min(Number.POSITIVE_INFINITY, ...live.map(({ began }) => began ?? 0)),
  };
}

async function readNote(note: string): Promise<LeftNote | LiveNote> {
  // Where the system does not tell, it may have been written just now.
  const { mtimeMs } = (await stat(note).catch(() => undefined)) ?? { mtimeMs: Date.now() };
  const read = noteSchema.safeParse(parsed((await readPlainFile(note, MAX_NOTE)) ?? ''));
  const live = { kind: 'live', began: read.data?.began } as const;
  switch (read.success ? await isAlive(read.data.owner, mtimeMs) : undefined) {
    case true:
      return live;
    case false:
      return { kind: 'left', note, ...(read.success && { gits: read.data.gits }) };
    default:
      return Date.now() - mtimeMs > ABANDONED_MS ? { kind: 'left', note } : live;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
