import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A file or link below a folder. */
export interface ChangedFile {
  /** From the folder. */
  readonly path: string;
  readonly bytes: number;
}

/** What {@link changedSince} looks through, and how far. */
export interface ChangedSince {
  readonly folder: string;
  /** Folders at its top to look through. */
  readonly below: readonly string[];
  /** Unix ms: what was made or changed before is as it was. */
  readonly since: number;
  /** Ends the search, which throws then. */
  readonly signal: AbortSignal;
}

/**
 * Returns the files and links that were made, moved or changed since a time, or at it, the smallest first. By the time of the change itself,
 * which programs can't set back, unlike that of the content. Git's own folders are left out, and so is what can't be read.
 */
export async function changedSince({ folder, below, since, signal }: ChangedSince): Promise<readonly ChangedFile[]> {
  const found: ChangedFile[] = [];
  const waiting = [...below];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    signal.throwIfAborted();
    const entries: Dirent[] = await readdir(join(folder, path), { withFileTypes: true }).catch(() => []);
    const changed = await Promise.all(
      entries.map(async (entry) => {
        const at = `${path}/${entry.name}`;
        if (entry.isDirectory()) {
          if (entry.name !== '.git') waiting.push(at);
          return [];
        }
        if (!entry.isFile() && !entry.isSymbolicLink()) return [];
        const state = await lstat(join(folder, at)).catch(() => undefined);
        return state && state.ctimeMs >= since ? [{ path: at, bytes: state.size }] : [];
      }),
    );
    found.push(...changed.flat());
  }
  return found.sort((a, b) => a.bytes - b.bytes || (a.path < b.path ? -1 : 1));
}
