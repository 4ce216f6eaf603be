import { type GitCall, mustGit } from '../git/git.js';

/** Returns the paths of a commit's files and links. Throws where git can't read it. */
export async function trackedFiles(call: GitCall, commit: string): Promise<readonly string[]> {
  const paths: string[] = [];
  const onRecord = (line: string) => {
    const [, kind, path] = /^\d+ (\w+) [0-9a-f]+\t(.+)$/s.exec(line) ?? [];
    // A submodule is a commit.
    if (kind === 'blob' && path !== undefined) paths.push(path);
  };
  await mustGit({ ...call, onRecord }, 'ls-tree', '-r', '-z', '--full-tree', commit);
  return paths;
}
