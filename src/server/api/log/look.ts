import type { JobKey, LogExtent, LogLine, LogStore } from '../../../store/store.js';
import type { LogLook, LogSearchAnswer } from '../contract/logs.js';
import { ERROR_TEXTS, isErrorLike } from './error-like.js';
import { searchSeen } from './search-seen.js';

/** Lines that a store looks through at a time: others wait for it meanwhile. */
const SLICE = 20_000;
/** How often it is asked for one answer. */
const MAX_SLICES = 10;

/** What is looked for, and from where. */
export interface LookFor {
  readonly text: string;
  /** The line that is looked at first. */
  readonly from: number;
  /** Upwards, to lines that came earlier. */
  readonly back: boolean;
  /** Of the lines that are found. */
  readonly limit: number;
}

/** Looks for a text in a job's log, whatever the case of its letters: in 200,000 lines at most. */
export async function lookFor(
  logs: Pick<LogStore, 'search'>,
  key: JobKey,
  { extent, text, from, back, limit }: LookFor & { readonly extent: LogExtent },
): Promise<LogSearchAnswer> {
  const start = Math.min(Math.max(from, extent.first), extent.last);
  const lines: LogLine[] = [];
  let [count, at] = [0, start];
  let next: number | undefined = start;
  for (let slice = 0; slice < MAX_SLICES && next !== undefined && lines.length < limit; slice++) {
    const range: { from: number; to: number } = sliceFrom(next, { back, extent });
    const found = await searchSeen(logs, key, { ...range, text, limit: limit - lines.length, newest: back });
    if (back) lines.unshift(...found.lines);
    else lines.push(...found.lines);
    count += found.count;
    at = back ? range.from : range.to;
    next = (back ? at > extent.first : at < extent.last) ? at + (back ? -1 : 1) : undefined;
    // Those that are not listed are found by looking on after the last that is.
    const last = back ? lines[0] : lines.at(-1);
    if (last && found.count > found.lines.length) next = last.number + (back ? -1 : 1);
  }
  const looked = back ? { from: at, to: start } : { from: start, to: at };
  return { lines, count, ...looked, ...(next !== undefined && { next }) };
}

/**
 * Returns how many lines hold a text, among the first 200,000, and which of them a line is. `isLeast`: there are lines that were not looked
 * at.
 */
export async function countAll(
  logs: Pick<LogStore, 'search'>,
  key: JobKey,
  { extent, text, line }: { readonly extent: LogExtent; readonly text: string; readonly line?: number | undefined },
): Promise<NonNullable<LogLook['total']>> {
  const end = Math.min(extent.last, extent.first + SLICE * MAX_SLICES - 1);
  const isIn = line !== undefined && line <= end;
  const [upTo, after] = [isIn ? line : extent.first - 1, isIn ? line + 1 : extent.first];
  const countIn = async (from: number, to: number) => {
    let count = 0;
    for (let begin = from; begin <= to; begin += SLICE) {
      const range = { from: begin, to: Math.min(to, begin + SLICE - 1) };
      count += (await searchSeen(logs, key, { ...range, text, limit: 1, newest: false })).count;
    }
    return count;
  };
  const place = await countIn(extent.first, upTo);
  const count = place + (await countIn(after, end));
  // One that was found beyond is one more.
  const beyond = line !== undefined && !isIn ? 1 : 0;
  return { count: count + beyond, ...(isIn && { place }), ...(end < extent.last && { isLeast: true }) };
}

/** Returns the first line from a number on that reads like an error, and how far was looked: 200,000 lines at most. */
export async function lookForError(
  logs: Pick<LogStore, 'search'>,
  key: JobKey,
  { extent, from }: { readonly extent: LogExtent; readonly from: number },
): Promise<{ readonly line?: number; readonly to: number; readonly next?: number }> {
  let next: number | undefined = Math.max(from, extent.first);
  let to = next;
  for (let slice = 0; slice < MAX_SLICES && next <= extent.last; slice++) {
    const range: { from: number; to: number } = sliceFrom(next, { back: false, extent });
    const found = await logs.search(key, { ...range, texts: ERROR_TEXTS, limit: MAX_CANDIDATES });
    const hit = found.lines.find(({ text, stream }) => stream !== 'note' && isErrorLike(text));
    if (hit) return { line: hit.number, to: hit.number, next: hit.number + 1 };
    // There may be more candidates than were read.
    const last = found.lines.at(-1)?.number ?? range.to;
    to = found.count > found.lines.length ? last : range.to;
    next = to + 1;
  }
  return { to, ...(to < extent.last && { next: to + 1 }) };
}

const MAX_CANDIDATES = 500;

function sliceFrom(from: number, { back, extent }: { readonly back: boolean; readonly extent: LogExtent }) {
  return back
    ? { from: Math.max(extent.first, from - SLICE + 1), to: from }
    : { from, to: Math.min(extent.last, from + SLICE - 1) };
}
