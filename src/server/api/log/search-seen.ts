import { mapInTurns } from '../../../async/yield-to-event-loop.js';
import type { FoundLines, JobKey, LogRange, LogStore } from '../../../store/store.js';
import { seenText } from './ansi.js';

/** Lines that hold a word of the text, of which each is looked at closer. */
const MAX_CANDIDATES = 500;
/** In characters, of all lines that are read as terminals show them: anybody's output may be full of colours. */
const MAX_READ = 200_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a line without any is read as it stands.
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;

/** What is looked for in lines of a job. */
export interface SeenSearch extends LogRange {
  readonly text: string;
  /** Of the lines that are found. */
  readonly limit: number;
  /** The last `limit` of them, and not the first. */
  readonly newest: boolean;
}

/**
 * Looks for a text as it is read: tools put codes for colours between its words, and a store knows nothing of those. Where too many lines
 * hold its longest word, or what they hold is too long, they are not looked at, and those are found that hold the text as it stands, be it in a code.
 */
export async function searchSeen(
  logs: Pick<LogStore, 'search'>,
  key: JobKey,
  { text, limit, newest, ...range }: SeenSearch,
): Promise<FoundLines> {
  const asItStands = () => logs.search(key, { ...range, texts: [text], limit, newest });
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const longest = words.reduce((best, word) => (word.length > best.length ? word : best), '');
  if (longest === '') return asItStands();
  const found = await logs.search(key, { ...range, texts: [longest], limit: MAX_CANDIDATES, newest });
  if (found.count > found.lines.length) return asItStands();
  const coded = found.lines.filter((line) => CONTROL.test(line.text));
  if (coded.reduce((sum, line) => sum + line.text.length, 0) > MAX_READ) return asItStands();
  const held = await mapInTurns(found.lines, (line) => (holds(line.text, text) ? [line] : []));
  const lines = held.flat();
  return { lines: newest ? lines.slice(-limit) : lines.slice(0, limit), count: lines.length };
}

/** Returns whether a text is read in a line, whatever the case of its letters. */
function holds(line: string, text: string): boolean {
  const seen = seenText(line);
  return seen.toLowerCase().includes(text.toLowerCase()) || seen.includes(text.toUpperCase());
}
