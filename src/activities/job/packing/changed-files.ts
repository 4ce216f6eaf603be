import type { Dirent, Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { mapAtOnce } from '../../../async/at-once.js';
import { isGits } from '../../../runs/kept-path.js';

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
  /** Whether git's own folders count too. */
  readonly git?: boolean;
  /** How many files, links and folders are looked at. Default: a million. */
  readonly most?: number;
  /** Ends the search, which throws then. */
  readonly signal: AbortSignal;
}

/** What was made or changed, and what is there. */
export interface Changed {
  /** The smallest first. */
  readonly files: readonly ChangedFile[];
  /** Paths, from the folder. */
  readonly folders: readonly string[];
  /** Returns whether a file or link is not there any more; false where that can't be told. */
  isGone(path: string): boolean;
}

/** Files, links and folders that are looked at: a step may make millions, and all of them are in memory meanwhile. */
const MOST_ENTRIES = 1_000_000;
const AT_ONCE = 500;

/**
 * Returns what was made, moved or changed since a time, or at it. By the time of the change itself, which programs can't set back, unlike
 * that of the content. What can't be read is left out. Throws where there are too many to look at.
 */
export async function changedSince(of: ChangedSince): Promise<Changed> {
  const { folder, below, enters = () => true, since, git = false, most = MOST_ENTRIES, signal } = of;
  const files: ChangedFile[] = [];
  const folders: string[] = [];
  const there = new Set<string>();
  const unread: string[] = [];
  const waiting = [...below];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    signal.throwIfAborted();
    const at = path;
    const entries = await entriesOf(join(folder, at), most + 1 - there.size).catch(() => {
      unread.push(`${at}/`);
      return [];
    });
    if (there.size + entries.length > most) throw new Error(`there are more than ${most} files: too many to look at`);
    await mapAtOnce(entries, AT_ONCE, async (entry) => {
      const one = at === '' ? entry.name : `${at}/${entry.name}`;
      there.add(one);
      if (isGits(entry.name) && !git) return;
      if (entry.isDirectory()) {
        if (enters(one)) waiting.push(one);
      } else if (!entry.isFile() && !entry.isSymbolicLink()) return;
      const state = await lstat(join(folder, one)).catch(() => undefined);
      if (!state || state.ctimeMs < since) return;
      if (entry.isDirectory()) folders.push(one);
      else files.push({ path: one, ...sizeOf(state), ...(state.isSymbolicLink() && { isLink: true as const }) });
    });
  }
  return {
    files: files.sort((a, b) => a.bytes - b.bytes || (a.path < b.path ? -1 : 1)),
    folders: folders.sort(),
    isGone: (path) => !there.has(path) && !unread.some((one) => path.startsWith(one)),
  };
}

/** Returns how large a file is. */
export function sizeOf({ size, blocks }: Pick<Stats, 'size' | 'blocks'>): Pick<ChangedFile, 'bytes' | 'allocated'> {
  // In these, whatever the file system's own blocks are.
  return { bytes: size, allocated: Math.min(size, blocks * 512) };
}

/** Returns what is in a folder, and no more than `most` of it. Throws what keeps it from being read. */
async function entriesOf(folder: string, most: number): Promise<readonly Dirent[]> {
  const entries: Dirent[] = [];
  for await (const entry of await opendir(folder)) if (entries.push(entry) >= most) break;
  return entries;
}
