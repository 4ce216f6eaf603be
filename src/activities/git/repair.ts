import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GIT_DEADLINE_MS, type GitCall, git } from './git.js';

/** Longer than any git of ours runs. */
const STALE_MS = 2 * GIT_DEADLINE_MS;

/**
 * Returns whether objects are missing or unreadable; given a commit, also whether one of its files is. Paths that git
 * does not write to disk, `.git/config` for example, are fine: they are the commit's fault and not the repository's.
 */
export async function isBroken(call: GitCall, sha?: string): Promise<boolean> {
  if (await fails(call, 'fsck', '--connectivity-only', '--no-dangling', '--no-progress')) return true;
  if (sha === undefined) return false;
  const { stdout: empty } = await git(call, 'hash-object', '-t', 'tree', '/dev/null');
  // Reads every file of the commit, and looks at no path.
  return fails(call, 'diff-tree', '-r', '--numstat', '--no-renames', '--output=/dev/null', empty, sha);
}

/**
 * Returns whether git refuses to write what a commit holds, by git's own words: a path that would lead out of the folder
 * or into `.git`, a name that no file system takes, or an attribute that it ends at. Trying again changes nothing.
 */
export function refusesContent(said: string): boolean {
  return REFUSALS.some((refusal) => refusal.test(said));
}

const REFUSALS = [
  /invalid path/,
  /File name too long/,
  /unable to create symlink .*: (?:No such file|Invalid argument)/,
  /are no valid working-tree-encodings/,
];

/** A git that was too slow has not failed. */
async function fails(call: GitCall, ...args: readonly string[]): Promise<boolean> {
  const { ok, tookTooLong } = await git(call, ...args);
  return !ok && !tookTooLong;
}

/** Removes the locks of a git that was killed, which would block every later one. Returns whether there were any. */
export async function removeStaleLocks(folder: string): Promise<boolean> {
  let removed = false;
  for (const path of await locksIn(folder)) {
    const made = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - made < STALE_MS) continue;
    await rm(path, { force: true });
    removed = true;
  }
  return removed;
}

/** Returns the paths of the files by which gits keep one another out of a bare repository. */
export async function locksIn(folder: string): Promise<readonly string[]> {
  const list = async (name: string, recursive: boolean) =>
    (await readdir(join(folder, name), { recursive }).catch(() => [])).map((each) => join(folder, name, each));
  const found = await Promise.all([
    list('.', false),
    list('refs', true),
    list('objects/info', true),
    list('objects/pack', false),
  ]);
  // The second is made anew by who has the lock of the refs, and must not be there.
  return found.flat().filter((path) => path.endsWith('.lock') || path === join(folder, 'packed-refs.new'));
}
