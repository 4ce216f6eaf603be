import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a bundle was made from. It is made anew as soon as any of it is another. */
export interface BundleSources {
  /** Absolute paths of the files that were read. */
  readonly files: Iterable<string>;
  /** Paths where a file was looked for, in vain: one that is there now may be taken instead of another. */
  readonly missing: Iterable<string>;
}

interface Kept {
  readonly recipe: string;
  /** By path, the hash of its bytes. */
  readonly files: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly code: string;
}

/**
 * Returns the code of the bundle that `path` keeps, if it is of this recipe and nothing of what it was made from has
 * changed since. Making one takes seconds, and memory that the process never gives back. Undefined where it can't be used.
 */
export async function keptBundle(path: string, recipe: string): Promise<string | undefined> {
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as Kept;
    if (kept.recipe !== recipe) return undefined;
    const files = Object.entries(kept.files).map(async ([file, hash]) => (await hashOf(file)) === hash);
    const missing = kept.missing.map(async (file) => !(await isThere(file)));
    const same = await Promise.all([...files, ...missing]);
    return same.includes(false) ? undefined : kept.code;
  } catch {
    return undefined;
  }
}

/**
 * Keeps a bundle for the next start. `since` (Unix ms): when its making began. A file that was written since may have been
 * read before that, so then nothing is kept. Rejects where it can't be written.
 */
export async function keepBundle(
  path: string,
  { recipe, code, sources, since }: { recipe: string; code: string; sources: BundleSources; since: number },
): Promise<void> {
  const files: Record<string, string> = {};
  for (const file of sources.files) {
    const about = await stat(file).catch(() => undefined);
    if (!about?.isFile()) continue;
    if (about.mtimeMs >= since) return;
    files[file] = await hashOf(file);
  }
  const kept: Kept = { recipe, files, missing: [...sources.missing], code };
  const beside = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(beside, JSON.stringify(kept), { mode: 0o600 });
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('base64');
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
