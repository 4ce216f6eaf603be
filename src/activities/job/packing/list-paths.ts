import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { changedSince } from './changed-files.js';

/** What is below some paths of a workspace. */
export interface ListedPaths {
  /** Files, links and folders, from the workspace. */
  readonly entries: readonly string[];
  readonly files: number;
  readonly bytes: number;
  /** Of the entries, those that are links. */
  readonly links: readonly string[];
  /** Those that are not there. */
  readonly missing: readonly string[];
}

/** Says that a path can't be used as it is. The message says why. */
export class PathError extends Error {
  override readonly name = 'PathError';
}

/**
 * Returns what is below paths of a workspace, `src/node_modules`, without git's own folders: whoever gets them would run the hooks and
 * obey the settings in them. Links are listed, and never followed. Throws {@link PathError} where a path itself is a link, or leads over
 * one: what is there may lie outside.
 */
export async function listPaths(
  folder: string,
  { paths, signal }: { readonly paths: readonly string[]; readonly signal: AbortSignal },
): Promise<ListedPaths> {
  const missing: string[] = [];
  const entries = new Set<string>();
  const links: string[] = [];
  let files = 0;
  let bytes = 0;
  for (const path of paths) {
    const kind = await kindOf(folder, path);
    if (kind === 'missing') missing.push(path);
    if (kind === 'missing' || entries.has(path)) continue;
    entries.add(path);
    if (kind === 'file') {
      files += 1;
      bytes += (await lstat(join(folder, path))).size;
      continue;
    }
    const below = await changedSince({ folder, below: [path], since: 0, signal });
    for (const one of below.folders) entries.add(one);
    for (const one of below.files) {
      if (entries.has(one.path)) continue;
      entries.add(one.path);
      if (one.isLink) links.push(one.path);
      files += 1;
      bytes += one.bytes;
    }
  }
  return { entries: [...entries], links, files, bytes, missing };
}

/** Returns what a path leads to. Throws {@link PathError} where a link is on the way, or at its end. */
export async function kindOf(folder: string, path: string): Promise<'missing' | 'file' | 'folder'> {
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

/** As its author has written it. */
export function shown(path: string): string {
  return path.startsWith('home/') ? `~/${path.slice('home/'.length)}` : path.replace(/^src\//, '');
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}
