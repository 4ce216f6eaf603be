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
   * Names the report that the notes and tests to come are of: a test of the same name in another report is another one, of another
   * package for example. `failedEarlier`: what it told of before the step had ended, by their ids; one that passes now is flaky.
   */
  begin(report: string, failedEarlier?: ReadonlyMap<string, RawCase>): void;
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
  /** Those of `kept.failed` in the report that is read, which may yet pass in a later try. */
  const failing = new Map<string, RawCase>();
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
        failing.set(idOf(found), found);
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

  return {
    begin(report, failedEarlier = new Map()) {
      about = `${named(mask(report))}: `;
      earlier = failedEarlier;
      failing.clear();
    },
    note,
    add(given) {
      all += 1;
      if (all > MOST_COUNTED) {
        note(`more than ${MOST_COUNTED} tests: the rest is not counted`);
        return false;
      }
      const id = idOf(given);
      const tried = given.outcome === 'passed' && given.mayBeTried ? failing.get(id) : undefined;
      if (tried) {
        // The same test once more, as runners write it that try again: the failure was not its last word.
        failing.delete(id);
        kept.failed.splice(kept.failed.indexOf(tried), 1);
        count.failed -= 1;
      }
      const before = given.outcome === 'passed' ? (tried ?? failedBefore.get(id) ?? earlier.get(id)) : undefined;
      const found = before ? { ...given, outcome: 'flaky' as const, said: before.said } : given;
      if (found.outcome === 'flaky') count.passed += 1;
      count[found.outcome] += 1;
      count.durationMs += found.durationMs ?? 0;
      keep(found);
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

function slowestFirst(a: RawCase, b: RawCase): number {
  return (b.durationMs ?? 0) - (a.durationMs ?? 0);
}
