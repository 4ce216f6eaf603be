import { rm } from 'node:fs/promises';
import { type GitCall, mustGit } from '../../git/git.js';
import { createPathCount, MOST_TRACKED } from '../../path-count.js';
import { listBy } from './program.js';

/**
 * Removes from a checkout whatever its index does not name, but for `.git` at the top; folders of submodules are left empty. It
 * looks at all that is there: `git clean` passes over what is called `.git` further down, and what lies in the folder of a submodule.
 * Returns whether all files were there that the index names. Throws where there are too many to look at.
 */
export async function removeUntracked(call: GitCall): Promise<boolean> {
  const { cwd, signal } = call;
  const [tracked, names] = await Promise.all([
    trackedBy(call),
    // Folders are printed twice.
    listBy(signal, 'find', [cwd, '-xdev', '-mindepth', '1', '-type', 'd', '-print0', '-print0', '-o', '-print0']),
  ]);
  const { others, files } = compare(pathsIn(names, cwd), tracked);
  for (const path of others) {
    const place = Buffer.concat([Buffer.from(`${cwd}/`), Buffer.from(path, 'latin1')]);
    await rm(place, { recursive: true, force: true });
  }
  return files === tracked.files.size;
}

/** Paths below a checkout, each byte a character: git's names need not be text. */
interface Tracked {
  readonly files: ReadonlySet<string>;
  /** Those of the files, and of submodules. */
  readonly folders: ReadonlySet<string>;
}

async function trackedBy(call: GitCall): Promise<Tracked> {
  const files = new Set<string>();
  const folders = new Set<string>();
  const count = createPathCount(MOST_TRACKED);
  const onRecord = (entry: string) => {
    const tooMany = count.add(entry.length);
    if (tooMany !== undefined) throw new Error(tooMany);
    const tab = entry.indexOf('\t');
    if (tab === -1) return;
    const path = entry.slice(tab + 1);
    (entry.startsWith('160000 ') ? folders : files).add(path);
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  };
  await mustGit({ ...call, readsBytes: true, onRecord }, 'ls-files', '-z', '--stage');
  return { files, folders };
}

function* pathsIn(names: readonly string[], cwd: string): Generator<{ path: string; isFolder: boolean }> {
  const from = Buffer.byteLength(cwd) + 1;
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? '';
    const isFolder = names[at + 1] === name;
    if (isFolder) at++;
    yield { path: name.slice(from), isFolder };
  }
}

/** Returns what is not tracked, of a folder nothing that is in it; and how many tracked files there are. */
function compare(there: Iterable<{ path: string; isFolder: boolean }>, tracked: Tracked) {
  const others: string[] = [];
  let files = 0;
  let above = '.git/';
  for (const { path, isFolder } of there) {
    if (path === '.git' || path.startsWith('.git/') || path.startsWith(above)) continue;
    if ((isFolder ? tracked.folders : tracked.files).has(path)) {
      files += isFolder ? 0 : 1;
      continue;
    }
    others.push(path);
    above = `${path}/`;
  }
  return { others, files };
}
