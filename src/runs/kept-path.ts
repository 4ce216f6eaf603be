/*
 * Paths that a job's caches and artifacts name: below its checkout, `node_modules`, or below its home, `~/.npm`. Workflows check them
 * before a job begins, and workers once more: they may be of another version.
 */

import { problemOfPattern } from './report-pattern.js';

/** In characters. */
const MAX_PATH = 300;
const HOME = '~/';

/** Returns what is wrong with such a path, in words; undefined for one that can be kept. */
export function problemOfKeptPath(path: string): string | undefined {
  if (path.length > MAX_PATH) return `is longer than ${MAX_PATH} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return 'holds a control character or a backslash';
  if (path.startsWith('/'))
    return 'must be below the checkout, without a slash before it, or below the home, as "~/.npm"';
  const parts = partsOf(path);
  if (parts.includes('..')) return 'must not lead out by ".."';
  if (parts.some(isGits)) return "must not be git's own folder";
  if (parts.length === 0) return 'must name a file or folder, and not all of the checkout or the home';
  return undefined;
}

/** Returns whether an artifact's path is a glob, or one that takes away. */
export function isKeptGlob(path: string): boolean {
  return /^!|[*?[\]{}]/.test(path);
}

/** Returns whether git keeps its own in what is called so, however the file system takes capitals. */
export function isGits(name: string): boolean {
  return name.toLowerCase() === '.git';
}

/** Returns what is wrong with a glob of an artifact, in words; undefined for one that can be looked for. */
export function problemOfKeptGlob(glob: string): string | undefined {
  const parts = glob.replace(/^!/, '').split('/');
  return problemOfPattern(glob) ?? (parts.some(isGits) ? "must not be git's own folder" : undefined);
}

/** Returns such a path as the workspace has it, `src/node_modules` or `home/.npm`. To be called with those that have no problem. */
export function inWorkspace(path: string): string {
  return [path.startsWith(HOME) ? 'home' : 'src', ...partsOf(path)].join('/');
}

/** Returns a path below the checkout as it is from there, `dist`. To be called with those that have no problem. */
export function belowCheckout(path: string): string {
  return partsOf(path).join('/');
}

function partsOf(path: string): readonly string[] {
  const below = path.startsWith(HOME) ? path.slice(HOME.length) : path;
  return below.split('/').filter((part) => part !== '' && part !== '.');
}
