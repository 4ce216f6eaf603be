import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Config } from '../../../config/config.js';
import { isOwnerAlive } from '../owner-file.js';
import { readNote } from './note.js';
import { foldersIn, removeTree as remove, UNREADY } from './tree-folders.js';

/** How much is kept. */
export type Bounds = Config['jobs']['keep'];

const HOUR_MS = 3_600_000;
/** Longer than it takes to make or remove one: whoever was at it has died. */
const ABANDONED_MS = 24 * HOUR_MS;

/**
 * Removes from a folder of kept trees what is too much: of a repository, of all, and what was not used for too long. The one that was
 * used last stays longest. Also removes what a worker that was killed left half made. Rejects, once all else is done, where one
 * can't be removed.
 */
export async function boundTrees(kept: string, { perRepository, megabytes, days }: Bounds): Promise<void> {
  const trees: { folder: string; at: number; kilobytes: number }[] = [];
  const failures: unknown[] = [];
  // One that can't be removed keeps no other.
  const removeTree = (folder: string) => remove(folder).catch((error) => failures.push(error));
  for (const place of await foldersIn(kept)) {
    const found = await Promise.all((await foldersIn(place)).map(look));
    for (const { folder, at } of found.filter((each) => each.unready))
      if (Date.now() - at > ABANDONED_MS || (await isLeft(folder))) await removeTree(folder);
    const ready = found.filter((each) => !each.unready).sort((a, b) => b.at - a.at);
    for (const [i, tree] of ready.entries()) {
      const isOld = Date.now() - tree.at > days * 24 * HOUR_MS;
      if (i >= perRepository || isOld || tree.kilobytes === undefined) await removeTree(tree.folder);
      else trees.push({ ...tree, kilobytes: tree.kilobytes });
    }
  }
  let sum = 0;
  for (const tree of trees.sort((a, b) => b.at - a.at)) {
    sum += tree.kilobytes;
    if (sum > megabytes * 1_024) await removeTree(tree.folder);
  }
  if (failures.length > 0) throw failures[0];
}

/** Returns whether nobody is at work with what is half made: it is being removed, or whoever made it has died. */
async function isLeft(folder: string): Promise<boolean> {
  return basename(folder).startsWith('gone-') || (await isOwnerAlive(folder)) === false;
}

async function look(folder: string) {
  return {
    folder,
    unready: UNREADY.test(basename(folder)),
    /** When it was made, which is when its job ended. Unix ms. */
    at: (await stat(folder).catch(() => undefined))?.mtimeMs ?? 0,
    kilobytes: (await readNote(folder))?.kilobytes,
  };
}
