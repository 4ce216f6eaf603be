import { readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { mapAtOnce } from '../../../async/at-once.js';
import { isGits } from '../../../runs/kept-path.js';
import { quoted } from '../packing/quoted.js';

const AT_ONCE = 100;
/** As many as Linux follows. */
const MOST_LINKS = 40;
/** Parts of the way of one link, and of those of all: links over links make long ways of few files. */
const MOST_PARTS = 1_000;
const MOST_PARTS_OF_ALL = 5_000_000;
/** Parts that are gone without a look at what else the worker has to do. */
const PARTS_AT_ONCE = 1_000;
/** Paths whose state is remembered. */
const MOST_KNOWN = 200_000;

/** Returns where links of a folder lead, as they are written; without those that are gone. `paths`: from the folder. */
export async function readLinks(
  folder: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const read = await mapAtOnce(paths, AT_ONCE, async (path): Promise<[string, string][]> => {
    signal.throwIfAborted();
    const target = await readlink(join(folder, path)).catch(() => undefined);
    return target === undefined ? [] : [[path, target]];
  });
  return new Map(read.flat());
}

/**
 * Returns which links lead out of a folder, or into git's own there, on whatever way: by other links that are on it too. A way that is
 * too long to be gone counts as one that leads out. `links`: their paths from the folder, and where each leads, as it is written. Throws
 * why the signal aborts.
 */
export async function linksOut(
  folder: string,
  links: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const walk: Walk = { root: await realpath(folder), known: new Map(), parts: 0, signal };
  const out = await mapAtOnce([...links], AT_ONCE, async ([link, target]) =>
    (await leadsOut(walk, dirname(link), target)) ? [link] : [],
  );
  return new Set(out.flat());
}

/** Returns what becomes of such links, in words, with some of them. */
export function leftOutInWords(links: ReadonlySet<string>): string {
  return `links that lead out of the checkout are left out: ${[...links].slice(0, 5).map(quoted).join(', ')}`;
}

type Next = { readonly link: string } | 'here' | 'missing' | 'unknown';

/** What the ways of all links have in common. */
interface Walk {
  readonly root: string;
  /** What has been found so far, by path. */
  readonly known: Map<string, Promise<Next>>;
  readonly signal: AbortSignal;
  /** How many were gone. */
  parts: number;
  /** Is there once others have had their turn. */
  turn?: Promise<void>;
}

/** Goes the way that the system would, part by part. */
async function leadsOut(walk: Walk, from: string, target: string): Promise<boolean> {
  walk.signal.throwIfAborted();
  // What is no text can't be followed by it.
  if (isAbsolute(target) || target.includes('\ufffd')) return true;
  const ahead = [...partsOf(from), ...partsOf(target)];
  const at: string[] = [];
  let followed = 0;
  let gone = 0;
  let isMissing = false;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (++gone > MOST_PARTS || ++walk.parts > MOST_PARTS_OF_ALL) return true;
    // What is remembered is there at once: nothing else would be done meanwhile.
    if (walk.parts % PARTS_AT_ONCE === 0) walk.turn = pause();
    await walk.turn;
    walk.signal.throwIfAborted();
    if (isGits(part)) return true;
    if (part === '..') {
      // Back from what is not there: it may be a link by then.
      if (isMissing || at.pop() === undefined) return true;
      continue;
    }
    at.push(part);
    if (isMissing) continue;
    const next = await nextOf(walk, join(walk.root, ...at));
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

/** Returns where a link leads, or that it is none, as it was when it was first asked for. */
function nextOf({ known }: Walk, path: string): Promise<Next> {
  const found = known.get(path) ?? readNext(path);
  if (known.size < MOST_KNOWN) known.set(path, found);
  return found;
}

async function readNext(path: string): Promise<Next> {
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
