import type { JobKey, LogLine, LogRange, LogStore } from '../../../store/store.js';
import type { FailingLine, LogStep } from '../contract/logs.js';
import { ERROR_TEXTS, isErrorLike, isMarked } from './error-like.js';

/** Lines that are looked at, at each end of a step. */
const LOOK = 20_000;
/** Lines that may be errors, of which each is looked at closer. */
const MAX_CANDIDATES = 500;

/**
 * Returns the line where a job went wrong: in the last step that did not pass, the first line that names a failing test or a place and
 * what is wrong there, else the last that reads like an error, else its last. Looks at both ends of a step that has printed much.
 * Undefined where no step failed.
 */
export async function failingLine(
  logs: Pick<LogStore, 'search'>,
  key: JobKey,
  { steps, notes }: { readonly steps: readonly LogStep[]; readonly notes: readonly LogLine[] },
): Promise<FailingLine | undefined> {
  const step = steps.findLast((one) => (one.state === 'failed' || one.state === 'stopped') && !passedLater(one, steps));
  if (step?.to === undefined) return undefined;
  const { from, to, name } = step;
  const end = { from: Math.max(from, to - LOOK), to };
  const begin = { from, to: Math.min(from + LOOK, end.from - 1) };
  const ranges = begin.to >= begin.from ? [begin, end] : [end];
  const tests = testsNamed(notes, step);
  const found = (range: LogRange, texts: readonly string[], newest: boolean) =>
    logs.search(key, { ...range, texts, limit: MAX_CANDIDATES, newest }).then(({ lines }) => lines.filter(isOutput));
  for (const range of ranges) {
    const named = tests.length > 0 ? await found(range, tests, false) : [];
    // TAP says what it is about to test in a line before it says how that went.
    const told = named.find(({ text }) => isErrorLike(text)) ?? named[0];
    const marked = told ?? (await found(range, ERROR_TEXTS, false)).find(({ text }) => isMarked(text));
    if (marked) return { line: marked.number, by: 'marked', step: name };
  }
  for (const range of ranges.reverse()) {
    const last = (await found(range, ERROR_TEXTS, true)).findLast(({ text }) => isErrorLike(text));
    if (last) return { line: last.number, by: 'error', step: name };
  }
  return { line: Math.max(from, to - 1), by: 'end', step: name };
}

/** A step that was tried again, or whose job was, may have passed then. */
function passedLater(step: LogStep, steps: readonly LogStep[]): boolean {
  return steps.some((one) => one.number === step.number && one.from > step.from && one.state === 'passed');
}

function isOutput({ stream }: LogLine): boolean {
  return stream !== 'note';
}

/** Names of the failing tests that the notes after a step tell of. */
function testsNamed(notes: readonly LogLine[], step: LogStep): string[] {
  const told = notes.flatMap(({ text }) => {
    if (!text.startsWith(`${step.name}: failed: `)) return [];
    const what = text.slice(`${step.name}: failed: `.length).replace(/ \([^()]*\)$/, '');
    return [what.split(' > ').at(-1) ?? what];
  });
  return told.filter((name) => name.length > 3).slice(0, 10);
}
