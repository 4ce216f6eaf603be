import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlainFile } from '../plain-file.js';

/** In bytes: of what says where a checkout is. */
const MAX_HEAD = 4_096;
/** Below git's own folder: those of a fresh checkout lie elsewhere. */
const REFS = ['refs/heads', 'refs/tags'];

/**
 * Returns whether steps have made commits, branches or tags in a checkout, or gone to others, which are not kept with its files. `commit`: the
 * one that was checked out, or its first digits.
 */
export async function hasMoved(checkout: string, commit: string): Promise<boolean> {
  const git = join(checkout, '.git');
  const head = await readPlainFile(join(git, 'HEAD'), MAX_HEAD).catch(() => undefined);
  // Where a step has removed it, nothing in it is missed.
  if (head === undefined) return false;
  if (!head.startsWith(commit)) return true;
  const found = await Promise.all(REFS.map((folder) => holdsAny(join(git, folder))));
  return found.includes(true);
}

async function holdsAny(folder: string): Promise<boolean> {
  try {
    for await (const _ of await opendir(folder)) return true;
  } catch {
    // There is none, or nobody may look.
  }
  return false;
}
