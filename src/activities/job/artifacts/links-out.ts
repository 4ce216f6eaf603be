import { readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { mapAtOnce } from '../../../async/at-once.js';
import { isGits } from '../../../runs/kept-path.js';

const AT_ONCE = 100;
/** As many as Linux follows. */
const MOST_LINKS = 40;

/** Returns where links of a folder lead, as they are written; without those that are gone. `paths`: from the folder. */
export async function readLinks(folder: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const read = await mapAtOnce(paths, AT_ONCE, async (path): Promise<[string, string][]> => {
    const target = await readlink(join(folder, path)).catch(() => undefined);
    return target === undefined ? [] : [[path, target]];
  });
  return new Map(read.flat());
}

/**
 * Returns which links lead out of a folder, or into git's own there, on whatever way: by other links that are on it too. `links`: their
 * paths from the folder, and where each leads, as it is written.
 */
export async function linksOut(folder: string, links: ReadonlyMap<string, string>): Promise<ReadonlySet<string>> {
  const root = await realpath(folder);
  const out = await mapAtOnce([...links], AT_ONCE, async ([link, target]) =>
    (await leadsOut(root, dirname(link), target)) ? [link] : [],
  );
  return new Set(out.flat());
}

/** Returns what becomes of such links, in words, with some of them. */
export function leftOutInWords(links: ReadonlySet<string>): string {
  return `links that lead out of the checkout are left out: ${[...links].slice(0, 5).join(', ')}`;
}

/** Goes the way that the system would, part by part. */
async function leadsOut(root: string, from: string, target: string): Promise<boolean> {
  // What is no text can't be followed by it.
  if (isAbsolute(target) || target.includes('\ufffd')) return true;
  const ahead = [...partsOf(from), ...partsOf(target)];
  const at: string[] = [];
  let followed = 0;
  let isMissing = false;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (isGits(part)) return true;
    if (part === '..') {
      // Back from what is not there: it may be a link by then.
      if (isMissing || at.pop() === undefined) return true;
      continue;
    }
    at.push(part);
    if (isMissing) continue;
    const next = await nextOf(join(root, ...at));
    if (next === 'unknown') return true;
    if (next === 'missing') isMissing = true;
    else if (next !== 'here') {
      if (isAbsolute(next.link) || ++followed > MOST_LINKS) return true;
      at.pop();
      ahead.unshift(...partsOf(next.link));
    }
  }
  return false;
}

/** Returns where a link leads, or that it is none. */
async function nextOf(path: string): Promise<{ readonly link: string } | 'here' | 'missing' | 'unknown'> {
  try {
    const link = await readlink(path);
    return link.includes('\ufffd') ? 'unknown' : { link };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EINVAL') return 'here';
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unknown';
  }
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
