import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GIT_DEADLINE_MS, type GitCall, git } from './git.js';

/** Older than any git of ours can be. */
const STALE_MS = 2 * GIT_DEADLINE_MS;

/** Whether objects are missing or can't be read; with a commit, also whether that can be read to its last file. */
export async function isBroken(call: GitCall, sha?: string): Promise<boolean> {
  if (sha !== undefined && (await fails(call, 'archive', '--format=tar', '--output=/dev/null', sha))) return true;
  return fails(call, 'fsck', '--connectivity-only', '--no-dangling', '--no-progress');
}

/** Too slow is not broken. */
async function fails(call: GitCall, ...args: readonly string[]): Promise<boolean> {
  const { ok, tookTooLong } = await git(call, ...args);
  return !ok && !tookTooLong;
}

/** A git that was killed leaves its locks, and every later one refuses to touch what they lock. Answers whether there were any. */
export async function removeStaleLocks(folder: string): Promise<boolean> {
  const top = await readdir(folder).catch(() => []);
  const refs = await readdir(join(folder, 'refs'), { recursive: true }).catch(() => []);
  const locks = [...top, ...refs.map((name) => join('refs', name))].filter((name) => name.endsWith('.lock'));
  let removed = false;
  for (const lock of locks) {
    const path = join(folder, lock);
    const made = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - made < STALE_MS) continue;
    await rm(path, { force: true });
    removed = true;
  }
  return removed;
}
