import type { Dirent, Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { mapAtOnce } from '../../../async/at-once.js';
import { isGits } from '../../../runs/kept-path.js';
import { createPathCount, MOST_PATHS, type MostPaths } from '../../path-count.js';
import { isChangedBelow, oddNamesIn, REPLACED } from './names-as-bytes.js';

/** A file or link below a folder. */
export interface ChangedFile {
  /** From the folder. */
  readonly path: string;
  readonly bytes: number;
  /** What of these bytes it has room for on the disk: less where it has holes. */
  readonly allocated: number;
  readonly isLink?: true;
}

/** What {@link changedSince} looks through, and how far. */
export interface ChangedSince {
  readonly folder: string;
  /** Folders in it to look through; an empty text is all of it. */
  readonly below: readonly string[];
  /** Whether it is looked into a folder that was found. Default: into each. */
  readonly enters?: (path: string) => boolean;
  /** Unix ms: what was made or changed before is as it was. */
  readonly since: number;
  /** Whether an older file or link was there before, by its path: one that was not lies in a folder that was moved. Default: each was. */
  readonly wasThere?: (path: string) => boolean;
  /** Whether git's own folders count too, or which of them, by path. */
  readonly git?: boolean | ((path: string) => boolean);
  /** How many files, links and folders are looked at. Default: {@link MOST_PATHS}. */
  readonly most?: MostPaths;
  /** Ends the search, which throws then. */
  readonly signal: AbortSignal;
}

/** What was made or changed, and what is there. */
export interface Changed {
  readonly files: readonly ChangedFile[];
  /**
   * Older files and links that were there before, or others by their paths: a folder above was changed, and may have been moved
   * there. Its times do not tell: archives that are unpacked set them back.
   */
  readonly doubtful: readonly ChangedFile[];
  /** Paths, from the folder: each before those below it. */
  readonly folders: readonly string[];
  /** Files, links and folders whose names are no text, which can't be kept; folders with all that is in them. */
  readonly unnamed: readonly string[];
  /** Folders that are there and can't be read. */
  readonly unread: readonly string[];
  /** Returns whether a file or link is not there any more; false where that can't be told. */
  isGone(path: string): boolean;
}

const AT_ONCE = 500;

/**
 * Returns what was made, moved or changed since a time, or at it. By the time of the change itself, which programs can't set back, unlike
 * that of the content. What can't be read is left out. Throws where there are too many to look at, or their paths are too long together.
 */
export async function changedSince(of: ChangedSince): Promise<Changed> {
  const { folder, below, enters = () => true, since, wasThere = () => true } = of;
  const { git = false, most = MOST_PATHS, signal } = of;
  const files: ChangedFile[] = [];
  const doubtful: ChangedFile[] = [];
  const folders: string[] = [];
  const unnamed: string[] = [];
  /** Folders that were changed, and those below them. */
  const touched = new Set<string>();
  const there = new Set<string>();
  const unread = new Set<string>();
  const refused: string[] = [];
  const count = createPathCount(most);
  /** Notes what of a folder has no name that is text, and returns the rest. */
  const named = async (entries: readonly Dirent[], at: string): Promise<readonly Dirent[]> => {
    if (!entries.some(({ name }) => name.includes(REPLACED))) return entries;
    const { texts, others } = await oddNamesIn(join(folder, at));
    const onLook = (path: Buffer) => {
      signal.throwIfAborted();
      const tooMany = count.add(path.length);
      if (tooMany !== undefined) throw new Error(tooMany);
    };
    for (const name of others) {
      const one = pathIn(at, String(name));
      there.add(one);
      const path = Buffer.concat([Buffer.from(`${join(folder, at)}/`), name]);
      if (await isChangedBelow(path, { since, onLook })) unnamed.push(one);
    }
    // Of two that look alike as text, the one that is text is there by it.
    return entries.filter(({ name }) => !name.includes(REPLACED) || texts.delete(name));
  };
  const waiting = [...below];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    signal.throwIfAborted();
    const at = path;
    let tooMany: string | undefined;
    const isLast = (name: string) => {
      tooMany = count.add(at.length + 1 + name.length);
      return tooMany !== undefined;
    };
    const all = await entriesOf(join(folder, at), isLast).catch(({ code }: NodeJS.ErrnoException): Dirent[] => {
      unread.add(at);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') refused.push(at);
      return [];
    });
    if (tooMany !== undefined) throw new Error(tooMany);
    await mapAtOnce(await named(all, at), AT_ONCE, async (entry) => {
      const one = pathIn(at, entry.name);
      there.add(one);
      if (isGits(entry.name) && !(typeof git === 'function' ? git(one) : git)) return;
      if (entry.isDirectory()) {
        if (enters(one)) waiting.push(one);
      } else if (!entry.isFile() && !entry.isSymbolicLink()) return;
      const state = await lstat(join(folder, one)).catch(() => undefined);
      if (!state) return;
      const isNew = state.ctimeMs >= since;
      const isIn = touched.has(at);
      if (entry.isDirectory()) {
        if (isNew || isIn) touched.add(one);
        // Git takes none for its own that lacks an empty folder, and others are made with what is in them.
        if (isNew || (isIn && one.split('/').some(isGits))) folders.push(one);
        return;
      }
      const file = { path: one, ...sizeOf(state), ...(state.isSymbolicLink() && { isLink: true as const }) };
      if (isNew || !wasThere(one)) files.push(file);
      else if (isIn) doubtful.push(file);
    });
  }
  const isGone = (path: string) => !there.has(path) && !isBelow(path, unread);
  return { files, doubtful, folders, unnamed, unread: refused, isGone };
}

function pathIn(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  if (folders.size === 0) return false;
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    if (folders.has(path.slice(0, at))) return true;
  return folders.has('');
}

/** Returns how large a file is. */
export function sizeOf({ size, blocks }: Pick<Stats, 'size' | 'blocks'>): Pick<ChangedFile, 'bytes' | 'allocated'> {
  // In these, whatever the file system's own blocks are.
  return { bytes: size, allocated: Math.min(size, blocks * 512) };
}

/** Returns what is in a folder, up to what `isLast` names. Throws what keeps it from being read. */
async function entriesOf(folder: string, isLast: (name: string) => boolean): Promise<Dirent[]> {
  const entries: Dirent[] = [];
  for await (const entry of await opendir(folder)) {
    entries.push(entry);
    if (isLast(entry.name)) break;
  }
  return entries;
}
