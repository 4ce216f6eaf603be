import { type GitCall, mustGit } from '../git/git.js';
import { createPathCount, MOST_TRACKED, type PathCount } from '../path-count.js';

/** Where the files of a commit lie, and how many there may be with those of other commits. */
export interface TrackedBelow {
  /** Folder, with a slash at its end. */
  readonly below?: string;
  readonly count?: PathCount;
}

/** Returns the paths of a commit's files and links. Throws where git can't read it, and where there are too many to look at. */
export async function trackedFiles(
  call: GitCall,
  commit: string,
  { below = '', count = createPathCount(MOST_TRACKED) }: TrackedBelow = {},
): Promise<readonly string[]> {
  const paths: string[] = [];
  const onRecord = (line: string) => {
    const [, kind, name] = /^\d+ (\w+) [0-9a-f]+\t(.+)$/s.exec(line) ?? [];
    // A submodule is a commit.
    if (kind !== 'blob' || name === undefined) return;
    const path = `${below}${name}`;
    // Whoever made the commit may have named one folder in many places.
    const tooMany = count.add(path.length);
    if (tooMany !== undefined) throw new Error(tooMany);
    paths.push(path);
  };
  await mustGit({ ...call, onRecord }, 'ls-tree', '-r', '-z', '--full-tree', commit);
  return paths;
}
