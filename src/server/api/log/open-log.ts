import { mapInTurns } from '../../../async/yield-to-event-loop.js';
import type { JobKey, LogExtent, LogLine, LogRange, LogStore } from '../../../store/store.js';
import type { LogAnswer, LogLook, ShownLine } from '../contract/logs.js';
import { piecesOf } from './ansi.js';
import { isErrorLike } from './error-like.js';
import { failingLine } from './failing-line.js';
import { groupsOf, markersBefore } from './log-groups.js';
import { readNotes, stepsOf } from './log-steps.js';
import { countAll, lookFor, lookForError } from './look.js';

/** What {@link openLog} works with. */
export interface OpenLogDeps {
  readonly logs: Pick<LogStore, 'read' | 'jobs' | 'extent' | 'search'>;
  /** Whether a run goes on; undefined where that is not known. */
  readonly isOpen: (run: string) => Promise<boolean | undefined>;
}

/** Which part of a log is opened: by default, where it went wrong. */
export interface LogAsked {
  /** Lines that are to be seen, `120` or `120-130`. */
  readonly line?: LogRange | undefined;
  /** What begins after this line. */
  readonly after?: number | undefined;
  /** What ends before this line. */
  readonly before?: number | undefined;
  /** Looks for a text, from `from` on. */
  readonly text?: string | undefined;
  /** The line that is looked at first. */
  readonly from?: number | undefined;
  /** Looks upwards. */
  readonly back?: boolean | undefined;
  /** Looks for the next line from `from` on that reads like an error. */
  readonly failure?: boolean | undefined;
  /** Of lines. */
  readonly limit: number;
}

/**
 * Returns a part of a job's log; undefined for a job that has written nothing, of a run that does not go on. Where it went wrong is not
 * looked for when only the lines after or before a number are asked for.
 */
export async function openLog(
  { logs, isOpen }: OpenLogDeps,
  { run, job }: { readonly run: string; readonly job: string },
  asked: LogAsked,
): Promise<LogAnswer | undefined> {
  const key = { workflowId: run, job };
  const [jobs, extent, notes, isRunning] = await Promise.all([
    logs.jobs(run),
    logs.extent(key),
    readNotes(logs, key),
    isOpen(run),
  ]);
  const open = isRunning ?? true;
  if (!extent) return isRunning ? { run, job, jobs, open, steps: [], lines: [], groups: [] } : undefined;
  const steps = stepsOf(notes);
  const failing = isPage(asked) ? undefined : await failingLine(logs, key, { steps, notes });
  const search = await looked(logs, key, { asked, extent });
  const otherwise = failing?.line ?? (open ? extent.last : extent.first);
  const at = asked.line ?? rangeAt(search ? (search.line ?? asked.from) : isPage(asked) ? undefined : otherwise);
  const read = await logs.read(key, windowOf(asked, { extent, center: at?.from ?? otherwise }));
  const isAt = ({ number }: LogLine) => at !== undefined && number >= at.from && number <= at.to;
  const [lines, before] = await Promise.all([
    mapInTurns(read, shownLine),
    markersBefore(logs, key, { first: read[0], notes }),
  ]);
  return {
    ...{ run, job, jobs, open, extent, steps },
    ...(failing && { failing }),
    ...(at && { at }),
    lines,
    groups: groupsOf([...before, ...lines] as readonly ShownLine[], (line) => isAt(line) || line.error === true).filter(
      ({ to }) => to >= (lines[0]?.number ?? 0),
    ),
    ...(search && { search }),
  };
}

/** Returns a line as it is shown. */
export function shownLine(line: LogLine): ShownLine {
  const pieces = piecesOf(line.text);
  const isError = line.stream !== 'note' && isErrorLike(line.text);
  return { ...line, ...(pieces && { pieces }), ...(isError && { error: true }) };
}

function isPage({ after, before }: LogAsked): boolean {
  return after !== undefined || before !== undefined;
}

function rangeAt(line: number | undefined): LogRange | undefined {
  return line === undefined ? undefined : { from: line, to: line };
}

async function looked(
  logs: Pick<LogStore, 'search'>,
  key: JobKey,
  { asked, extent }: { readonly asked: LogAsked; readonly extent: LogExtent },
): Promise<LogLook | undefined> {
  const { text, back = false, failure } = asked;
  const from = asked.from ?? (back ? extent.last : extent.first);
  if (failure) {
    const { line, to, next } = await lookForError(logs, key, { extent, from });
    const found = { count: line === undefined ? 0 : 1, ...(line !== undefined && { line }) };
    return { kind: 'failure', ...found, from, to, ...(next !== undefined && { next }) };
  }
  if (text === undefined) return undefined;
  const { lines, ...answer } = await lookFor(logs, key, { extent, text, from, back, limit: 1 });
  const [line] = lines;
  const total = await countAll(logs, key, { extent, text, line: line?.number });
  return { kind: 'text', text, ...answer, ...(line && { line: line.number }), total };
}

/** The window lies around its line, with two thirds after it less than before: what led to a failure is read first. */
function windowOf(
  { after, before, limit }: LogAsked,
  { extent, center }: { readonly extent: LogExtent; readonly center: number },
): Parameters<LogStore['read']>[1] {
  if (after !== undefined) return { after, limit };
  if (before !== undefined) return { after: 0, before, limit, newest: true };
  const begin = Math.min(center - Math.floor((limit * 2) / 3), extent.last - limit + 1);
  return { after: Math.max(extent.first, begin) - 1, limit };
}
