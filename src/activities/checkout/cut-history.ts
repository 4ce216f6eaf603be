import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitCall, mustGit } from '../git/git.js';

/** A commit, and the mirror that has its history. */
export interface Rooted {
  readonly sha: string;
  readonly mirror: string;
}

/**
 * Cuts the history of a checkout so many commits back from the one that is checked out, as a shallow clone has it: `merge`, where
 * that is a merge of `commits`, else the only one of these.
 */
export async function cutHistory(
  call: GitCall,
  { depth, merge, commits }: { depth: number; merge: string | undefined; commits: readonly Rooted[] },
): Promise<void> {
  const left = merge === undefined ? depth : depth - 1;
  if (left === 0) return writeFile(join(call.cwd, '.git', 'shallow'), `${merge}\n`);
  // All objects are there: git finds out where to cut, and copies none.
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', `--depth=${left}`, '--end-of-options'];
  for (const { mirror, sha } of commits) await mustGit(call, 'fetch', ...options, mirror, sha);
}
