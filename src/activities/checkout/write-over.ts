import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitAnswer, type GitCall, git } from '../git/git.js';
import { copyWithTime } from '../job/trees/copy-with-time.js';
import { removeUntracked } from '../job/trees/untracked.js';

/** Writes all files of a commit into a checkout that has none. */
export function writeAll(call: GitCall, commit: string): Promise<GitAnswer> {
  return git(call, 'read-tree', '--reset', '-u', commit);
}

/**
 * Writes those files of a commit that are not there already. Returns undefined, and leaves a checkout without files, where that
 * can't be done. `index`: the one that belongs to the files that are there.
 */
export async function writeOver(
  call: GitCall,
  { index, commit }: { index: string; commit: string },
): Promise<GitAnswer | undefined> {
  await copyWithTime(index, join(call.cwd, '.git/index'));
  const [written, isWrittenAlike] = await Promise.all([
    writeAll(call, commit),
    hasSameAttributes({ ...call, env: { GIT_INDEX_FILE: index } }, commit),
  ]);
  // There should be nothing to remove; but the files have lain where other programs of the same user can reach them.
  if (written.ok && isWrittenAlike && (await removeUntracked(call).catch(() => false))) return written;
  for (const name of await readdir(call.cwd, { encoding: 'buffer' }))
    if (name.toString() !== '.git')
      await rm(Buffer.concat([Buffer.from(`${call.cwd}/`), name]), { recursive: true, force: true });
  await rm(join(call.cwd, '.git/index'), { force: true });
  return undefined;
}

/** Attributes say how files are written, and git does not write those again that are the same in both commits. */
async function hasSameAttributes(call: GitCall, commit: string): Promise<boolean> {
  return (await git(call, 'diff-index', '--cached', '--quiet', commit, '--', ':(glob)**/.gitattributes')).ok;
}
