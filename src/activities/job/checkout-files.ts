import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Finds out which names that output mentions are files of a checkout. */
export interface CheckoutFiles {
  /**
   * Returns the path of a file from the top of the checkout, with slashes. Undefined for what is none of its files, leads out of
   * it, or belongs to a package that was installed.
   */
  find(name: string): Promise<string | undefined>;
}

/** Names that are looked for at all: output may mention millions. */
const MOST_NAMES = 20_000;
/** In characters. */
const LONGEST = 500;
/** What a step has installed or git keeps, and nobody has written here. */
const NOT_OURS = ['.git', 'node_modules', 'site-packages', '.venv', 'vendor/bundle'];

/** `root`: the checkout's folder; `cwd`: the step's, which relative names begin at. */
export function createCheckoutFiles({ root, cwd }: { root: string; cwd: string }): CheckoutFiles {
  const known = new Map<string, Promise<string | undefined>>();
  let lookedFor = 0;
  const top = realpath(root);
  top.catch(() => undefined);
  return {
    async find(name) {
      if (name === '' || name.length > LONGEST || name.includes('\0')) return undefined;
      const before = known.get(name);
      if (before) return before;
      if (lookedFor >= MOST_NAMES) return undefined;
      lookedFor += 1;
      const looking = look(name, { top: await top, cwd }).catch(() => undefined);
      known.set(name, looking);
      const found = await looking;
      // It may be made later.
      if (found === undefined) known.delete(name);
      return found;
    },
  };
}

async function look(name: string, { top, cwd }: { top: string; cwd: string }): Promise<string | undefined> {
  const places = isAbsolute(name) ? [name] : [...new Set([resolve(cwd, name), join(top, name)])];
  for (const place of places) {
    const real = await realpath(place).catch(() => undefined);
    const path = real === undefined ? undefined : pathBelow(top, real);
    if (path === undefined || real === undefined || !(await stat(real)).isFile()) continue;
    return path;
  }
  return undefined;
}

/** Returns a path from the top of the checkout; undefined for one outside of it, or of somebody else's files. */
function pathBelow(top: string, real: string): string | undefined {
  const path = relative(top, real).split(sep).join('/');
  if (path === '' || path === '..' || path.startsWith('../') || isAbsolute(path)) return undefined;
  return NOT_OURS.some((folder) => `/${path}`.includes(`/${folder}/`)) ? undefined : path;
}
