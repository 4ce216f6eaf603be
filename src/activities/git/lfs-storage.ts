import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** What no checkout has used for so long is fetched again when one needs it. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/**
 * Returns the folder in which a mirror keeps what Git LFS has fetched. It is not called `lfs`: from there `git-lfs` in a step would
 * make hard links, through which a job could change what the next one gets.
 */
export function lfsObjects(mirror: string): string {
  return join(mirror, 'hookyard-lfs');
}

/** Notes that these objects of Git LFS, by their names, are used now. */
export async function noteLfsUse(storage: string, oids: readonly string[]): Promise<void> {
  const now = new Date();
  for (const oid of oids) await utimes(objectIn(storage, oid), now, now).catch(() => undefined);
}

/** Removes what a mirror keeps of Git LFS and no checkout has used for a month. Returns how many files. */
export async function expireLfs(mirror: string): Promise<number> {
  const entries = await readdir(lfsObjects(mirror), { recursive: true, withFileTypes: true }).catch(() => []);
  let removed = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const used = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - used < KEPT_MS) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

/** Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
function objectIn(storage: string, oid: string): string {
  return join(storage, 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
}
