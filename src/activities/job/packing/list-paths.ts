import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { mapInTurns } from '../../../async/yield-to-event-loop.js';
import { createPathCount, MOST_PATHS, type MostPaths } from '../../path-count.js';
import { type ChangedFile, changedSince, sizeOf } from './changed-files.js';
import { fromTop, literalFolder, mayHold } from './glob-folders.js';
import { judgePaths, type Unjudged } from './paths-by-globs.js';

/** What is below some paths of a workspace. */
export interface ListedPaths {
  /** Files, links and folders, from the workspace. */
  readonly entries: readonly string[];
  readonly files: number;
  readonly bytes: number;
  /** See {@link ChangedFile.allocated}. */
  readonly allocated: number;
  /** Of the entries, those that are links. */
  readonly links: readonly string[];
  /** Those that are not there. */
  readonly missing: readonly string[];
  /** Of those that take away, the ones that took nothing. */
  readonly idle: readonly string[];
  /** Files, links and folders below that are not among the entries: see {@link Changed}. */
  readonly unnamed: readonly string[];
  readonly unread: readonly string[];
  /** Globs that paths were too long for, which were not matched by them. Those that take away with the `!`. */
  readonly unjudged: readonly Unjudged[];
}

/** Says that a path can't be used as it is. The message says why. */
export class PathError extends Error {
  override readonly name = 'PathError';
}

/** What of a workspace is listed. */
export interface ListedOf {
  /** Files, and folders with all that is in them. */
  readonly paths: readonly string[];
  /** Files and links too that these match. */
  readonly globs?: readonly string[];
  /** No files and links that these match; of those that are no globs, neither what is called so nor what is below. */
  readonly without?: readonly string[];
  /** Returns a path as its author has written it, for what is thrown. Default: {@link asWritten}, of a workspace. */
  readonly shown?: (path: string) => string;
  /** Of these together, and of what is looked through for each. Default: {@link MOST_PATHS}. */
  readonly most?: MostPaths;
  readonly signal: AbortSignal;
}

/** What is to be kept of a workspace. `note` says in the log of the job what of it is left out. */
export interface PathsToKeep extends Pick<ListedOf, 'paths' | 'signal'> {
  readonly note: (text: string) => Promise<void>;
}

/**
 * Returns what is below paths of a workspace, `src/node_modules`, without git's own folders: whoever gets them would run the hooks and
 * obey the settings in them. Links are listed, and never followed. Throws {@link PathError} where a path itself is a link, or leads over
 * one: what is there may lie outside; and where there are too many files, or their paths are too long together.
 */
export async function listPaths(
  folder: string,
  { paths, globs = [], without = [], shown = asWritten, most = MOST_PATHS, signal }: ListedOf,
): Promise<ListedPaths> {
  const missing: string[] = [];
  const entries = new Set<string>();
  const links: string[] = [];
  const [unnamed, unread] = [new Set<string>(), new Set<string>()];
  let files = 0;
  let bytes = 0;
  let allocated = 0;
  const { takesFile, takesFolder, idle, ...away } = takingAway(without);
  const unjudged: Unjudged[] = [];
  const count = createPathCount(most);
  const enter = (path: string) => {
    if (entries.has(path)) return;
    entries.add(path);
    const tooMany = count.add(path.length);
    if (tooMany !== undefined) throw new Error(tooMany);
  };
  const add = (file: ChangedFile) => {
    if (entries.has(file.path) || takesFile(file.path)) return;
    enter(file.path);
    if (file.isLink) links.push(file.path);
    files += 1;
    bytes += file.bytes;
    allocated += file.allocated;
  };
  for (const path of paths) {
    const kind = await kindOf(folder, path, shown);
    if (kind === 'missing') missing.push(path);
    if (kind === 'missing' || entries.has(path) || takesFolder(path)) continue;
    if (kind === 'file') {
      add({ path, ...sizeOf(await lstat(join(folder, path))) });
      continue;
    }
    enter(path);
    const below = await changedSince({ folder, below: [path], since: 0, most, signal });
    const enterFolder = (one: string) => {
      if (!takesFolder(one)) enter(one);
    };
    await mapInTurns(below.folders, enterFolder, signal);
    await mapInTurns(below.files, add, signal);
    for (const one of below.unnamed) if (!takesFile(one)) unnamed.add(one);
    for (const one of below.unread) if (!takesFolder(one)) unread.add(one);
  }
  for (const glob of globs.map(fromTop)) {
    const base = literalFolder(glob);
    const judge = judgePaths([glob]);
    const enters = (path: string) => mayHold(path, glob);
    const isThere = base === '' || (await kindOf(folder, base, shown)) === 'folder';
    const below = isThere ? await changedSince({ folder, below: [base], enters, since: 0, most, signal }) : undefined;
    let isMatched = false;
    const addMatching = (one: ChangedFile) => {
      if (!judge.includes(one.path)) return;
      isMatched = true;
      add(one);
    };
    await mapInTurns(below?.files ?? [], addMatching, signal);
    for (const one of below?.unread ?? []) if (!takesFolder(one)) unread.add(one);
    for (const one of below?.unnamed ?? []) {
      if (!judge.includes(one)) continue;
      isMatched = true;
      if (!takesFile(one)) unnamed.add(one);
    }
    if (!isMatched) missing.push(glob);
    unjudged.push(...judge.unjudged());
  }
  return {
    entries: [...entries],
    links,
    files,
    bytes,
    allocated,
    missing,
    unnamed: [...unnamed],
    unread: [...unread],
    idle: idle(),
    unjudged: [...unjudged, ...away.unjudged()],
  };
}

/** Returns what leaves out what others take away, and tells which of these have taken nothing. */
function takingAway(without: readonly string[]) {
  const all = without.map((given) => {
    const path = fromTop(given).replace(/\/+$/, '');
    const isAtOrBelow = (one: string) => one === path || one.startsWith(`${path}/`);
    return { given, isAtOrBelow, judge: judgePaths([path]), isIdle: true };
  });
  /** Asks each, so that none is idle which another has been before. */
  const takes = (by: (one: (typeof all)[number]) => boolean) => {
    const taking = all.filter(by);
    for (const one of taking) one.isIdle = false;
    return taking.length > 0;
  };
  return {
    takesFile: (path: string) => takes((one) => one.isAtOrBelow(path) || one.judge.includes(path)),
    takesFolder: (path: string) => takes((one) => one.isAtOrBelow(path)),
    idle: () => all.filter(({ isIdle }) => isIdle).map(({ given }) => given),
    unjudged: () =>
      all.flatMap(({ given, judge }) => judge.unjudged().map(({ paths }) => ({ glob: `!${given}`, paths }))),
  };
}

/** Returns what a path leads to. Throws {@link PathError} where a link is on the way, or at its end. `shown`: see {@link ListedOf}. */
export async function kindOf(folder: string, path: string, shown = asWritten): Promise<'missing' | 'file' | 'folder'> {
  const parts = path.split('/');
  for (let length = 1; length <= parts.length; length++) {
    const at = parts.slice(0, length).join('/');
    const found = await lstat(join(folder, at)).catch(unlessMissing);
    if (!found) return 'missing';
    const isEnd = length === parts.length;
    if (found.isSymbolicLink())
      throw new PathError(`${shown(path)} ${isEnd ? 'is' : 'leads over'} a link, which is not followed`);
    if (isEnd && found.isFile()) return 'file';
    if (!found.isDirectory()) throw new PathError(`${shown(at)} is neither a file nor a folder`);
  }
  return 'folder';
}

/** Returns a path of a workspace as its author has written it. */
export function asWritten(path: string): string {
  return path.startsWith('home/') ? `~/${path.slice('home/'.length)}` : path.replace(/^src\//, '');
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}
