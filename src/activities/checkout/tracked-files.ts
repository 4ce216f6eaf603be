import { type GitCall, mustGit } from '../git/git.js';
import { createPathCount, MOST_TRACKED } from '../path-count.js';

/** Returns the paths of a commit's files and links. Throws where git can't read it, and where there are too many to look at. */
export async function trackedFiles(call: GitCall, commit: string): Promise<readonly string[]> {
  const paths: string[] = [];
  const count = createPathCount(MOST_TRACKED);
  const onRecord = (line: string) => {
    const [, kind, path] = /^\d+ (\w+) [0-9a-f]+\t(.+)$/s.exec(line) ?? [];
    // A submodule is a commit.
    if (kind !== 'blob' || path === undefined) return;
    // Whoever made the commit may have named one folder in many places.
    const tooMany = count.add(path.length);
    if (tooMany !== undefined) throw new Error(tooMany);
    paths.push(path);
  };
  await mustGit({ ...call, onRecord }, 'ls-tree', '-r', '-z', '--full-tree', commit);
  return paths;
}
