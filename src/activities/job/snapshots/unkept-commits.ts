import { createHash } from 'node:crypto';
import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mapAtOnce } from '../../../async/at-once.js';
import { readPlainFile } from '../plain-file.js';

/** A commit that was checked out, and where: the job's own, or a submodule's. */
export interface Head {
  /** Below the checkout; empty for the job's own. */
  readonly path: string;
  /** Its full name. */
  readonly commit: string;
  /** The branches and tags that it was checked out with, as {@link refsHash} has them; undefined where nobody has looked. */
  readonly refs?: string | undefined;
}

/** In bytes: of what says where a checkout is. */
const MAX_HEAD = 4_096;
/** In bytes: of all branches and tags. A hundred thousand have some 7 MB. */
const MAX_REFS = 64 * 1024 * 1024;
/** The only one that a fresh checkout has in a file of its own: all others are in one file. */
const OWN_REF = 'refs/remotes/origin/HEAD';
/**
 * Where git has submodules that a step has cloned, worktrees, and which files a sparse checkout has: a fresh checkout has nothing there.
 * To git, all files that a sparse one lacks would be removed, and the next `git commit --all` would take them from the repository.
 */
const OTHERS = ['modules', 'worktrees', 'info/sparse-checkout'];
/** Nobody has so many that hold none. */
const MOST_FOLDERS = 1_000;
const AT_ONCE = 4;

/**
 * Returns whether steps have made or fetched commits, branches or tags in a checkout or its submodules, or gone to others: these are
 * not kept with the files. `heads`: what was checked out.
 */
export async function hasUnkeptCommits(checkout: string, heads: readonly Head[]): Promise<boolean> {
  const look = ({ path, ...head }: Head) => isElsewhere(join(checkout, path, '.git'), head);
  return (await mapAtOnce(heads, AT_ONCE, look)).includes(true);
}

/**
 * Returns a hash of the branches and tags that a checkout has in one file, in whatever order git has written them; undefined where that
 * can't be read. A tag that is made is not there before git packs its refs, and one that was there is gone from it once it is removed.
 */
export async function refsHash(checkout: string): Promise<string | undefined> {
  const text = await readPlainFile(join(checkout, '.git/packed-refs'), MAX_REFS);
  if (text === undefined) return undefined;
  // What git adds of how it has packed them, and of what tags lead to, does not count.
  const refs = text.split('\n').filter((line) => /^[0-9a-f]/.test(line));
  return createHash('sha256').update(refs.sort().join('\n')).digest('hex');
}

async function isElsewhere(git: string, { commit, refs }: Omit<Head, 'path'>): Promise<boolean> {
  const head = await readPlainFile(join(git, 'HEAD'), MAX_HEAD);
  // Where a step has removed all of it, nothing in it is missed. What is in its place may say where it is now.
  if (head === undefined) return (await stateOf(git)) !== undefined;
  if (head.trim() !== commit || (refs !== undefined && (await refsHash(dirname(git))) !== refs)) return true;
  return (await hasFetched(git)) || holdsRefs(git);
}

/** Returns whether git has fetched, though no ref of its own may tell: `git fetch --unshallow`, `git fetch origin refs/pull/1/head`. */
async function hasFetched(git: string): Promise<boolean> {
  const [fetched, ...others] = await Promise.all(['FETCH_HEAD', ...OTHERS].map((name) => stateOf(join(git, name))));
  // It is empty where that has failed.
  return (fetched?.size ?? 0) > 0 || others.some((state) => state !== undefined);
}

function stateOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}

async function holdsRefs(git: string): Promise<boolean> {
  const folders = ['refs'];
  for (const folder of folders) {
    // There may be none, or nobody may look.
    const entries = await readdir(join(git, folder), { withFileTypes: true }).catch((): Dirent[] => []);
    const others = entries.filter(({ name }) => `${folder}/${name}` !== OWN_REF);
    if (others.some((entry) => !entry.isDirectory())) return true;
    if (folders.length + others.length > MOST_FOLDERS) return true;
    folders.push(...others.map(({ name }) => `${folder}/${name}`));
  }
  return false;
}
