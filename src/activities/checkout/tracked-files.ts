import { type GitCall, mustGit } from '../git/git.js';

/** Returns the paths of a commit's files and links. Throws where git can't read it. */
export async function trackedFiles(call: GitCall, commit: string): Promise<readonly string[]> {
  const listed = await mustGit(call, 'ls-tree', '-r', '-z', '--full-tree', commit);
  return listed.split('\0').flatMap((line) => {
    const [, kind, path] = /^\d+ (\w+) [0-9a-f]+\t(.+)$/s.exec(line) ?? [];
    // A submodule is a commit.
    return kind === 'blob' && path !== undefined ? [path] : [];
  });
}
