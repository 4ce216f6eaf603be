import type { CacheAsked, CacheOptions, HashedFiles } from '../../activities/contract/index.js';
import { problemOfKeptPath } from '../../runs/kept-path.js';
import { problemOfPattern } from '../../runs/report-pattern.js';
import { listOf, type OptionCheck, readOptions } from '../../triggers/options.js';
import { isPlainText, MAX_TEXT } from './plain-cache-keys.js';

/** More than a job has package managers. */
const MOST = 10;
const MOST_PATHS = 50;

/** Returns the caches that an author wants for a job. Throws a `TriggerError` that says which option of which is wrong. */
export function readCaches(cache: CacheOptions | readonly CacheOptions[]): readonly CacheAsked[] {
  const isOne = !Array.isArray(cache);
  const caches = (isOne ? [cache] : cache) as readonly CacheOptions[];
  if (caches.length > MOST) throw new Error(`runJob(): "cache" has ${caches.length} caches, more than ${MOST}`);
  return caches.map((given, i) => {
    const name = isOne ? 'cache' : `cache[${i}]`;
    const { key, paths, ...others } = readOptions('runJob', given, CACHE, name);
    if (key === undefined || paths === undefined) throw new Error(`runJob(): "${name}" needs a "key" and "paths"`);
    return { ...others, key: typeof key === 'string' ? [key] : key, paths };
  });
}

/** Returns what stands for the hash of the checkout's files that globs match. Throws a `TypeError` for what are no globs. */
export function hashedFiles(globs: readonly string[]): HashedFiles {
  const wrong = hashed({ hashFiles: globs });
  if (wrong) throw new TypeError(`hashFiles() takes ${wrong}, not ${JSON.stringify(globs)}`);
  return { hashFiles: globs };
}

const hashed = (value: unknown): string | undefined => {
  const globs = (value as Partial<HashedFiles> | null)?.hashFiles;
  const wrong = listOf()(globs);
  if (wrong) return 'globs of files of the checkout';
  const bad = (globs as string[]).find((glob) => problemOfPattern(glob) !== undefined);
  return bad === undefined ? undefined : `globs below the checkout: ${JSON.stringify(bad)} ${problemOfPattern(bad)}`;
};

const isText = (value: unknown): boolean => typeof value === 'string' && isPlainText(value);

const key: OptionCheck = (value) => {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isKey = parts.length > 0 && parts.length <= MOST && parts.every((part) => isText(part) || !hashed(part));
  return isKey
    ? undefined
    : `a text, or a list of texts and hashFiles('package-lock.json'): texts have 1 to ${MAX_TEXT} letters, digits and signs, and no blanks`;
};

const paths: OptionCheck = (value) => {
  const wrong = listOf()(value);
  if (wrong) return `${wrong}: files and folders below the checkout, or below the home as "~/.npm"`;
  const all = value as readonly string[];
  if (all.length > MOST_PATHS) return `a list of at most ${MOST_PATHS} paths`;
  const glob = all.find((path) => /[*?[\]{}]/.test(path));
  if (glob !== undefined) return `a list of files and folders, and no globs (and ${JSON.stringify(glob)} is one)`;
  const bad = all.find((path) => problemOfKeptPath(path) !== undefined);
  return bad === undefined
    ? undefined
    : `a list of paths below the checkout: ${JSON.stringify(bad)} ${problemOfKeptPath(bad)}`;
};

const CACHE = {
  key,
  paths,
  restoreKeys: (value: unknown) =>
    Array.isArray(value) && value.length > 0 && value.length <= MOST && value.every(isText)
      ? undefined
      : `a list of 1 to ${MOST} beginnings of keys`,
  mode: (value: unknown) =>
    value === 'read' || value === 'write' || value === 'read-write' ? undefined : '"read", "write" or "read-write"',
};
