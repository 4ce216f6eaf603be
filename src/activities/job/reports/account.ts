import type { TestReport } from '../../contract/index.js';
import { named } from '../packing/quoted.js';
import { type CaseSink, idOf, type RawCase } from './raw-case.js';

/** Tests that are told one by one. */
const MOST_TOLD = 50;
/** Tests of one step that are counted. */
const MOST_COUNTED = 200_000;
/** Failures that are kept for the next try on the same commit. */
const MOST_FAILED = 500;
const MOST_NOTES = 20;
/** In characters. */
const LONGEST_NOTE = 300;

/** Counts tests, and keeps those that are told. */
export interface Account extends CaseSink {
  /**
   * Names the report that the notes and tests to come are of, undefined for none: a test of the same name in another report is another one, of another
   * package for example. `failedEarlier`: what it told of before the step had ended, by their ids; one that passes now is flaky.
   */
  begin(report: string | undefined, failedEarlier?: ReadonlyMap<string, RawCase>): void;
  /** What the tests have come to so far, but for the cases. */
  totals(): Omit<TestReport, 'cases'>;
  /** Those that are told, in order. */
  told(): readonly RawCase[];
  /** Those that failed, {@link MOST_FAILED} at most. */
  failed(): readonly RawCase[];
  /** Those that passed now and failed before, or in another try that the same report tells of. */
  flaky(): readonly RawCase[];
}

/**
 * Returns an account of the tests of one step. `failedBefore`: ids of those that have failed on the same commit, with what was
 * said of them; one that passes now is flaky. `mask` takes secrets out of the notes.
 */
export function createAccount(
  failedBefore: ReadonlyMap<string, RawCase> = new Map(),
  mask: (text: string) => string = (text) => text,
): Account {
  const count = { passed: 0, failed: 0, skipped: 0, flaky: 0, durationMs: 0 };
  const kept: Record<RawCase['outcome'], RawCase[]> = { passed: [], failed: [], skipped: [], flaky: [] };
  const notes: string[] = [];
  /** Those of `kept.failed` in the report that is read which may yet pass in a later try, by where they are tried. */
  const failing = new Map<string, RawCase[]>();
  /** Ids of what has failed in the report, and what has passed there and failed before: of two tests that share an id. */
  const failedHere = new Set<string>();
  const flakyHere = new Map<string, RawCase>();
  let about = '';
  let earlier: ReadonlyMap<string, RawCase> = new Map();
  let all = 0;

  const note = (text: string) => {
    if (notes.length >= MOST_NOTES) return;
    const whole = mask(`${about}${text}`).slice(0, LONGEST_NOTE);
    if (!notes.includes(whole)) notes.push(whole);
  };

  const keep = (found: RawCase) => {
    const list = kept[found.outcome];
    switch (found.outcome) {
      case 'failed':
        if (list.length >= MOST_FAILED) return;
        list.push(found);
        failedHere.add(idOf(found));
        if (found.triedIn !== undefined) failing.set(triesOf(found), [...(failing.get(triesOf(found)) ?? []), found]);
        return;
      case 'flaky':
      case 'skipped':
        if (list.length < MOST_TOLD) list.push(found);
        return;
      case 'passed': {
        list.push(found);
        if (list.length < 2 * MOST_TOLD) return;
        list.sort(slowestFirst).length = MOST_TOLD;
        return;
      }
      default:
        found.outcome satisfies never;
    }
  };

  /** Takes back that the tries of a test have failed: the failures were not its last word. Returns the last of them. */
  const takeBack = (passed: RawCase): RawCase | undefined => {
    const tries = passed.triedIn === undefined ? undefined : failing.get(triesOf(passed));
    if (!tries) return undefined;
    failing.delete(triesOf(passed));
    for (const tried of tries) kept.failed.splice(kept.failed.indexOf(tried), 1);
    count.failed -= tries.length;
    return tries.at(-1);
  };

  /** Another test of the same id has failed, so that nobody knows which of the two had failed before. */
  const takeBackFlaky = (id: string) => {
    const found = flakyHere.get(id);
    if (!found) return;
    flakyHere.delete(id);
    kept.flaky.splice(kept.flaky.indexOf(found), 1);
    count.flaky -= 1;
    keep({ ...found, outcome: 'passed', said: [] });
  };

  return {
    begin(report, failedEarlier = new Map()) {
      about = report === undefined ? '' : `${named(mask(report))}: `;
      earlier = failedEarlier;
      for (const each of [failing, failedHere, flakyHere]) each.clear();
    },
    note,
    add(given) {
      all += 1;
      if (all > MOST_COUNTED) {
        note(`more than ${MOST_COUNTED} tests: the rest is not counted`);
        return false;
      }
      const id = idOf(given);
      const tried = given.outcome === 'passed' ? takeBack(given) : undefined;
      const known = failedHere.has(id) ? undefined : (failedBefore.get(id) ?? earlier.get(id));
      const before = given.outcome === 'passed' ? (tried ?? known) : undefined;
      const found = before ? { ...given, outcome: 'flaky' as const, said: before.said } : given;
      if (found.outcome === 'failed') takeBackFlaky(id);
      if (found.outcome === 'flaky') count.passed += 1;
      count[found.outcome] += 1;
      count.durationMs += found.durationMs ?? 0;
      keep(found);
      if (before && !tried && kept.flaky.at(-1) === found) flakyHere.set(id, found);
      return true;
    },
    totals: () => ({ ...count, notes: [...notes] }),
    told: () =>
      [...kept.failed, ...kept.flaky, ...kept.skipped.slice(0, 10), ...kept.passed.sort(slowestFirst)].slice(
        0,
        MOST_TOLD,
      ),
    failed: () => kept.failed,
    flaky: () => kept.flaky,
  };
}

/** Returns what the tries of one test are known by within a report. */
function triesOf(found: RawCase): string {
  return JSON.stringify([found.triedIn, idOf(found)]);
}

function slowestFirst(a: RawCase, b: RawCase): number {
  return (b.durationMs ?? 0) - (a.durationMs ?? 0);
}
