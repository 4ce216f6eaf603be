import type { TestReport } from '../../contract/index.js';
import { named } from '../packing/quoted.js';
import { type CaseSink, idOf, type RawCase } from './raw-case.js';
import { createTries, type Tried } from './tries.js';

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
  /**
   * Judges, once all is read, what may be tries or cases of a test, knowing that the step has failed: what has passed before another of
   * its name came was no last try, and where no other test has failed, doubtful ones have, or where there are none, these. `errors`: what the step's output tells of, such as that of
   * a compiler after the tests: one that no such test quotes as why it has failed explains the step's end.
   */
  judgeRed(how?: { readonly errors?: readonly string[] }): void;
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
  /** What has failed if nothing else has, {@link MOST_TOLD} at most. */
  const doubtful: RawCase[] = [];
  const notes: string[] = [];
  const tries = createTries();
  /**
   * Ids of what has failed in any report, and what counts as flaky since it had failed before, the first of an id: of tests that share one,
   * as where a step tests with several versions, nobody knows which had.
   */
  const failedHere = new Set<string>();
  const flakySince = new Map<string, RawCase>();
  /** The same in the report that is read, of what it told of before. */
  const failedInReport = new Set<string>();
  const flakyInReport = new Map<string, RawCase>();
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
        for (const each of [failedHere, failedInReport]) each.add(idOf(found));
        return tries.failed(found);
      case 'flaky':
      case 'skipped':
        if (found.isDoubtful && doubtful.length < MOST_TOLD) doubtful.push(found);
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

  /** Takes back that the tries of a test have failed: the failures were not its last word. Returns them. */
  const takeBack = (passed: RawCase): readonly RawCase[] => {
    const failures = tries.failuresBefore(passed);
    for (const tried of failures) kept.failed.splice(kept.failed.indexOf(tried), 1);
    count.failed -= failures.length;
    return failures;
  };

  /** Takes what was taken for tries of one test for tests of their own. */
  const takeApart = ({ failures, passes }: Tried) => {
    for (const passed of passes) {
      const place = kept.flaky.indexOf(passed);
      if (place >= 0) kept.flaky.splice(place, 1);
      kept.passed.push({ ...passed, outcome: 'passed', said: [] });
    }
    count.flaky -= passes.length;
    count.failed += failures.length;
    kept.failed.push(...failures.slice(0, Math.max(0, MOST_FAILED - kept.failed.length)));
  };

  /** Takes what its writer has told of as a failure for one after all. */
  const takeAsFailed = (spared: RawCase) => {
    const place = kept.skipped.indexOf(spared);
    if (place >= 0) kept.skipped.splice(place, 1);
    count.skipped -= 1;
    count.failed += 1;
    keep({ ...spared, outcome: 'failed' });
  };

  /** Another test of the same id has failed, so that nobody knows which of the two had failed before. */
  const takeBackFlaky = (id: string) => {
    for (const flaky of [flakySince, flakyInReport]) {
      const found = flaky.get(id);
      if (!found) continue;
      flaky.delete(id);
      kept.flaky.splice(kept.flaky.indexOf(found), 1);
      count.flaky -= 1;
      keep({ ...found, outcome: 'passed', said: [] });
    }
  };

  return {
    begin(report, failedEarlier = new Map()) {
      about = report === undefined ? '' : `${named(mask(report))}: `;
      earlier = failedEarlier;
      tries.begin();
      for (const each of [failedInReport, flakyInReport]) each.clear();
    },
    note,
    add(given) {
      all += 1;
      if (all > MOST_COUNTED) {
        note(`more than ${MOST_COUNTED} tests: the rest is not counted`);
        return false;
      }
      const id = idOf(given);
      const failures = given.outcome === 'passed' ? takeBack(given) : [];
      const tried = failures.at(-1);
      const inReport = failedInReport.has(id) ? undefined : earlier.get(id);
      const since = failedHere.has(id) || flakySince.has(id) ? undefined : failedBefore.get(id);
      const before = given.outcome === 'passed' ? (tried ?? inReport ?? since) : undefined;
      const found = before ? { ...given, outcome: 'flaky' as const, said: before.said } : given;
      if (found.outcome === 'failed') takeBackFlaky(id);
      if (found.outcome === 'flaky') count.passed += 1;
      count[found.outcome] += 1;
      count.durationMs += found.durationMs ?? 0;
      keep(found);
      if (tried) tries.passed(found, failures);
      else if (before && kept.flaky.at(-1) === found) (inReport ? flakyInReport : flakySince).set(id, found);
      return true;
    },
    judgeRed({ errors = [] } = {}) {
      const all = tries.all();
      const said = all.flatMap(({ failures }) => failures.flatMap((each) => each.said));
      const isQuoted = (error: string) => said.some(({ message, text }) => `${message}\n${text}`.includes(error));
      const isExplained = errors.some((error) => !isQuoted(error));
      for (const tried of all.filter(({ hasMore }) => hasMore)) takeApart(tried);
      if (count.failed === 0 && !isExplained) for (const spared of doubtful) takeAsFailed(spared);
      if (count.failed === 0 && !isExplained)
        for (const tried of all.filter(({ hasMore }) => !hasMore)) takeApart(tried);
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
