import { lstat, readFile, realpath, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { mapAtOnce } from '../../../async/at-once.js';

const AT_ONCE = 100;

/** Writes down which files of a checkout are not there any more, beside what is kept of it. */
export async function writeGone(place: string, paths: readonly string[]): Promise<void> {
  await writeFile(join(place, 'gone'), paths.join('\0'), { mode: 0o600 });
}

/** Returns what {@link writeGone} has written; nothing where an older version has kept it. */
export async function readGone(place: string): Promise<readonly string[]> {
  const text = await readFile(join(place, 'gone'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\0').filter((path) => path !== '');
}

/**
 * Removes files from a fresh checkout that has them, and folders that are empty then. No link is followed: the checkout may be of another
 * merge, in which what was a folder is a link.
 */
export async function removeGone(checkout: string, paths: readonly string[]): Promise<void> {
  const inside = paths.filter((path) => !isAbsolute(path) && !path.split('/').includes('..'));
  const real = await realpath(checkout);
  const parents = new Set<string>();
  await mapAtOnce([...new Set(inside.map((path) => dirname(path)))], AT_ONCE, async (parent) => {
    const at = join(real, parent);
    const isThere = (await lstat(at).catch(() => undefined))?.isDirectory() === true;
    if (isThere && (await realpath(at)) === at) parents.add(parent);
  });
  const own = inside.filter((path) => parents.has(dirname(path)));
  await mapAtOnce(own, AT_ONCE, (path) => {
    // Of the checkout or a submodule, where no file can be called so.
    const recursive = basename(path) === '.git';
    return rm(join(checkout, path), { force: true, recursive });
  });
  const folders = new Set<string>();
  for (const path of own) for (let at = dirname(path); at !== '.'; at = dirname(at)) folders.add(at);
  // Those within others first.
  for (const folder of [...folders].sort((a, b) => b.length - a.length))
    await rmdir(join(checkout, folder)).catch(() => undefined);
}
