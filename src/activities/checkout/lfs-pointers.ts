import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitCall, mustGit } from '../git/git.js';
import { withPlainFile } from '../job/plain-file.js';

/** A file in whose place is what Git LFS leaves there: a text that names it. */
export interface Pointer {
  /** Below the checkout, each byte a character: git's names need not be UTF-8. */
  readonly path: string;
  /** SHA-256 of the file's content, in hexadecimal digits; undefined for what can't be told. */
  readonly oid: string | undefined;
}

/** No pointer is larger, in bytes. Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const MAX_POINTER = 1_024;
const BEGINNINGS = [
  'version https://git-lfs.github.com/spec/',
  'version https://hawser.github.com/spec/',
  'version http://git-media.io/v/',
];

/**
 * Returns the files of a checkout that Git LFS keeps, by its attributes, and of which only a pointer is there. Starts no git where
 * the commit has no attributes.
 */
export async function findPointers(call: GitCall): Promise<Pointer[]> {
  // Git writes the paths of its index as they are.
  const index = await readFile(join(call.cwd, '.git', 'index')).catch(() => Buffer.alloc(0));
  if (!index.includes('.gitattributes')) return [];
  const kept: string[] = [];
  const onRecord = (path: string) => void kept.push(path);
  await mustGit({ ...call, readsBytes: true, onRecord }, 'ls-files', '-z', '--', ':(top,attr:filter=lfs)');
  return stillPointers(call.cwd, kept);
}

/** Returns which of these files, named as in {@link Pointer}, are pointers. */
export async function stillPointers(checkout: string, paths: readonly string[]): Promise<Pointer[]> {
  const found: Pointer[] = [];
  for (const path of paths) {
    const text = await beginningOf(placeOf(checkout, path));
    if (text === undefined || !BEGINNINGS.some((beginning) => text.startsWith(beginning))) continue;
    found.push({ path, oid: /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1] });
  }
  return found;
}

/** Returns where a file of a checkout is, whose path is as {@link Pointer} has it. */
export function placeOf(checkout: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${checkout}/`), Buffer.from(path, 'latin1')]);
}

/** Returns a file's text if it is as small as a pointer. No link is followed. */
async function beginningOf(path: Buffer): Promise<string | undefined> {
  return withPlainFile(path, async (file) => {
    const { size } = await file.stat();
    return size > MAX_POINTER || size === 0 ? undefined : (await file.readFile()).toString('latin1');
  });
}
