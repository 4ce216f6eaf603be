import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustGit } from './git.js';

/*
 * A mirror is a folder of generations, which are bare repositories called 1, 2, 3 … The newest is used by who comes;
 * older ones were broken, and are kept while somebody may still use them: checkouts borrow their objects.
 */

/** The file whose time says when a generation was last used. */
const USED = 'hookyard-used';
/** The file that says whose it is, a line each. */
const REPOSITORIES = 'hookyard-repository';
/** Longer than any job runs, and so than any checkout borrows objects. */
const IN_USE_MS = 7 * 24 * 60 * 60_000;
/** A mirror that nobody used for so long is of a repository, a source or credentials that are no more. */
const FORGOTTEN_MS = 30 * 24 * 60 * 60_000;

/** Returns the folder of the newest generation; undefined if there is none, or it is no repository any more. */
export async function currentGeneration(root: string): Promise<string | undefined> {
  const newest = (await generations(root)).at(-1);
  if (newest === undefined) return undefined;
  const folder = join(root, String(newest));
  return (await isRepository(folder)) ? folder : undefined;
}

/** How git names the objects of a repository. */
export type ObjectFormat = 'sha1' | 'sha256';

/** Returns how the objects of a repository on this machine are named. */
export async function objectFormatOf(folder: string): Promise<ObjectFormat> {
  const config = await readFile(join(folder, 'config'), 'utf8').catch(() => '');
  return /^\s*objectformat\s*=\s*sha256\s*$/im.test(config) ? 'sha256' : 'sha1';
}

/**
 * Makes a new generation and returns its folder, and what `fill` returned. It is made beside, filled, and renamed: nobody
 * sees a half-made one, and if `fill` rejects, everything stays as it was.
 */
export async function newGeneration<T>(
  root: string,
  signal: AbortSignal,
  fill: (folder: string) => Promise<T>,
  format: ObjectFormat = 'sha1',
): Promise<{ readonly folder: string; readonly filled: T }> {
  const beside = `${root}.${randomUUID()}`;
  await mkdir(beside, { recursive: true });
  try {
    // Older gits don't know the option.
    const named = format === 'sha1' ? [] : [`--object-format=${format}`];
    await mustGit({ cwd: beside, signal }, 'init', '--quiet', '--bare', ...named, '.');
    const filled = await fill(beside);
    await noteUse(beside);
    await mkdir(root, { recursive: true });
    for (;;) {
      const folder = join(root, String(((await generations(root)).at(-1) ?? 0) + 1));
      const renamed = await rename(beside, folder).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          // Another process was faster.
          if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
          throw error;
        },
      );
      if (renamed) return { folder, filled };
    }
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** Notes that a generation is used now. */
export async function noteUse(folder: string): Promise<void> {
  const now = new Date();
  const path = join(folder, USED);
  await utimes(path, now, now).catch(() => writeFile(path, ''));
}

/**
 * Removes mirrors that nobody can use any more: generations that a newer one has replaced, what was left half made, those
 * that versions before shared between sources, and those that were not used for a month. Called when a worker starts.
 */
export async function sweepMirrors(data: string): Promise<void> {
  const mirrors = join(data, 'mirrors');
  for (const name of await readdir(mirrors).catch(() => [])) {
    const root = join(mirrors, name);
    const [newest, ...older] = (await generations(root)).reverse();
    for (const generation of older) await removeUnused(join(root, String(generation)), IN_USE_MS);
    if (newest === undefined) await removeUnused(root, IN_USE_MS);
    else if ((await idleMs(join(root, String(newest)))) > FORGOTTEN_MS) await remove(root);
  }
}

/** A mirror on this machine: its newest generation. */
export interface KeptMirror {
  /** The folder of all its generations, and that of the newest. */
  readonly root: string;
  readonly folder: string;
  readonly source: string;
  /** What {@link noteRepositories} noted; undefined for mirrors of versions before. */
  readonly repositories: readonly string[] | undefined;
}

/** Returns the mirrors of this machine. */
export async function listMirrors(data: string): Promise<KeptMirror[]> {
  const mirrors = join(data, 'mirrors');
  const found: KeptMirror[] = [];
  for (const name of await readdir(mirrors).catch(() => [])) {
    const [, source] = /^(.*)-[0-9a-f]{32}$/.exec(name) ?? [];
    const root = join(mirrors, name);
    const newest = source === undefined ? undefined : (await generations(root)).at(-1);
    if (source === undefined || newest === undefined) continue;
    const folder = join(root, String(newest));
    found.push({ root, folder, source, repositories: await readRepositories(folder) });
  }
  return found;
}

/** Removes a mirror with all of its generations. */
export function removeMirror({ root }: Pick<KeptMirror, 'root'>): Promise<void> {
  return remove(root);
}

/** Notes whose a mirror is, beside whose it is already, by marks that tell nothing of them. */
export async function noteRepositories(folder: string, marks: readonly string[]): Promise<void> {
  const known = (await readRepositories(folder)) ?? [];
  const all = new Set([...known, ...marks]);
  if (all.size > known.length) await writeFile(join(folder, REPOSITORIES), [...all].join('\n'));
}

async function readRepositories(folder: string): Promise<readonly string[] | undefined> {
  const text = await readFile(join(folder, REPOSITORIES), 'utf8').catch(() => undefined);
  return text?.split('\n').filter((mark) => mark !== '');
}

async function removeUnused(folder: string, ms: number): Promise<void> {
  if ((await idleMs(folder)) > ms) await remove(folder);
}

/** Renames before it removes: nobody opens a half-removed one. */
async function remove(folder: string): Promise<void> {
  const beside = `${folder}.${randomUUID()}`;
  await rename(folder, beside).catch(() => undefined);
  await rm(beside, { recursive: true, force: true });
}

/** Returns since when a repository was neither used nor fetched into; the versions before noted no use. */
async function idleMs(folder: string): Promise<number> {
  const paths = [USED, '.', 'refs', 'objects', 'objects/pack'].map((name) => join(folder, name));
  const times = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Date.now() - Math.max(...times);
}

/** Returns the numbers of a mirror's generations, oldest first. */
async function generations(root: string): Promise<number[]> {
  const names = await readdir(root).catch(() => []);
  return names
    .filter((name) => /^[1-9]\d{0,8}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Returns whether git would take the folder for a repository, by the same marks: a `HEAD` that it can read, and two folders. */
async function isRepository(folder: string): Promise<boolean> {
  const isFolder = async (path: string) => (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const head = await readFile(join(folder, 'HEAD'), 'utf8').catch(() => '');
  if (!/^(?:ref: *refs\/\S+|[0-9a-f]{40}|[0-9a-f]{64})\n?$/.test(head)) return false;
  return (await isFolder(join(folder, 'objects'))) && (await isFolder(join(folder, 'refs')));
}
