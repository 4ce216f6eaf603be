import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitCall, git } from './git.js';

/** Longer than a job runs, and than a run usually waits for its approval. What is needed after that is fetched again. */
const KEPT_MS = 30 * 24 * 60 * 60_000;
const MAX_AT_ONCE = 1_000;

/**
 * Deletes the refs of a mirror that were made for a build and not used for a month: those of single commits, and those of pull
 * requests, forks' among them. Branches and tags stay for as long as the remote has them. Returns how many it deleted.
 */
export async function expireRefs(call: GitCall): Promise<number> {
  const refs = await readdir(join(call.cwd, 'refs'), { recursive: true, withFileTypes: true });
  let deleted = 0;
  for (const entry of refs) {
    if (!entry.isFile() || entry.name.endsWith('.lock') || deleted === MAX_AT_ONCE) continue;
    const path = join(entry.parentPath, entry.name);
    const ref = path.slice(call.cwd.length + 1);
    if (/^refs\/(?:heads|tags)\//.test(ref)) continue;
    const used = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (used === undefined || Date.now() - used < KEPT_MS) continue;
    if ((await git(call, 'update-ref', '-d', ref)).ok) deleted += 1;
  }
  return deleted;
}
