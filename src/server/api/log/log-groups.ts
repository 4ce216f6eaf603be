import type { JobKey, LogLine, LogStore } from '../../../store/store.js';
import type { LogGroup } from '../contract/logs.js';
import { seenText } from './ansi.js';

/** As GitHub Actions and Azure Pipelines write it: the former reads it in any case, and behind blanks. */
const BEGIN = /^(?:\s*::group::|##\[group\])(.*)$/is;
const END = /^(?:\s*::endgroup::|##\[endgroup\])/i;
/** As Buildkite reads it: `+++` is open. Go's tests begin lines in the same way. */
const TITLE = /^(---|\+\+\+|~~~) (?!(?:FAIL|PASS|SKIP|BENCH): )(\S.*)$/s;
/** Buildkite opens the group before such a line. */
const OPENED = /^\^\^\^ \+\+\+/;

/**
 * Returns the groups that lines of output begin, by both kinds of markers. One ends at its end, at the next, or with its step. `isOpen`:
 * whether a group with this line is shown at once.
 */
export function groupsOf<L extends LogLine>(lines: readonly L[], isOpen: (line: L) => boolean): readonly LogGroup[] {
  const groups: LogGroup[] = [];
  let group:
    | { title: string; from: number; to: number; open: boolean; step: string; kind: 'ended' | 'titled' }
    | undefined;
  const end = () => {
    if (group && group.to > group.from) {
      const { title, from, to, open } = group;
      groups.push({ title, from, to, open });
    }
    group = undefined;
  };
  for (const [at, line] of lines.entries()) {
    const { text, number, stream, step = '', attempt } = line;
    const of = `${attempt} ${stream === 'note' ? 'note' : ''} ${step}`;
    if (group && group.step !== of) end();
    const [, begun] = BEGIN.exec(text) ?? [];
    const [, sign, title] = isTitle(lines, at) ? (TITLE.exec(text) ?? []) : [];
    if (stream === 'note') continue;
    if (begun !== undefined) {
      end();
      group = { title: named(begun), from: number, to: number, open: false, step: of, kind: 'ended' };
    } else if (title !== undefined && group?.kind !== 'ended') {
      end();
      group = { title: named(title), from: number, to: number, open: sign === '+++', step: of, kind: 'titled' };
    } else if (END.test(text)) {
      if (group) {
        group.to = number;
        group.open ||= isOpen(line);
      }
      end();
    } else if (group) group.to = number;
    if (group) group.open ||= isOpen(line) || OPENED.test(text);
  }
  end();
  return groups;
}

/** Returns a group's name as it is shown: tools write it in colours. */
function named(title: string): string {
  return seenText(title).trim() || 'Group';
}

/** Texts of which markers hold one: a store finds lines by these. */
const BEGIN_OR_END = ['::group::', '##[group]', '::endgroup::', '##[endgroup]'];
const TITLES = ['--- ', '+++ ', '~~~ '];
/** Lines before a window that are searched for the marker of its group. */
const LOOK = 20_000;
/** The newest lines that hold such a text: more of them that are no markers hide one. */
const MAX_CANDIDATES = 50;

/**
 * Returns the lines before a window that tell in which group it begins, for {@link groupsOf}. What Hookyard says ends a group, so nothing
 * before that is looked at. `first`: of the window; `notes`: what Hookyard says.
 */
export async function markersBefore(
  logs: Pick<LogStore, 'search'>,
  key: JobKey,
  { first, notes }: { readonly first: LogLine | undefined; readonly notes: readonly LogLine[] },
): Promise<readonly LogLine[]> {
  if (!first || first.stream === 'note') return [];
  const to = first.number - 1;
  const note = notes.findLast(({ number }) => number <= to)?.number ?? 0;
  const from = Math.max(note + 1, first.number - LOOK);
  if (from > to) return [];
  const search = (texts: readonly string[]) =>
    logs.search(key, { from, to, texts, limit: MAX_CANDIDATES, newest: true });
  const found = await search([...BEGIN_OR_END, ...TITLES]);
  // Where much reads like a title, the marker that it is within may lie before all of that.
  const isHidden =
    found.count > found.lines.length && !found.lines.some(({ text }) => BEGIN.test(text) || END.test(text));
  return isHidden ? [...(await search(BEGIN_OR_END)).lines, ...found.lines] : found.lines;
}

/** Returns which of these lines begin or end a group, by their numbers: for who adds them one by one to what they have. */
export function markersOf(lines: readonly LogLine[]): ReadonlyMap<number, LogMarker> {
  const markers = new Map<number, LogMarker>();
  for (const [at, { text, number, stream }] of lines.entries()) {
    if (stream === 'note') continue;
    const [, begun] = BEGIN.exec(text) ?? [];
    const [, , title] = isTitle(lines, at) ? (TITLE.exec(text) ?? []) : [];
    if (begun !== undefined) markers.set(number, { begins: named(begun) });
    else if (title !== undefined) markers.set(number, { titles: named(title) });
    else if (END.test(text)) markers.set(number, { ends: true });
  }
  return markers;
}

/** What a line does to groups. One that `begins` goes on until it `ends`; one that `titles` also until the next, and is none within another. */
export interface LogMarker {
  readonly begins?: string;
  readonly titles?: string;
  readonly ends?: true;
}

/** A diff has two such lines one after the other. */
function isTitle(lines: readonly LogLine[], at: number): boolean {
  const begins = (index: number, sign: string) => {
    const isNext = Math.abs((lines[index]?.number ?? 0) - (lines[at]?.number ?? 0)) === Math.abs(index - at);
    return isNext && lines[index]?.text.startsWith(`${sign} `) === true;
  };
  return !(begins(at, '---') && begins(at + 1, '+++')) && !(begins(at, '+++') && begins(at - 1, '---'));
}
