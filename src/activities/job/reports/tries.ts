import { idOf, type RawCase } from './raw-case.js';

/** Tests of one name in one suite of which some failed before one passed: tries of one test, or cases of one that is written once. */
export interface Tried {
  /** In their order. */
  readonly failures: RawCase[];
  readonly passes: RawCase[];
  /** One of the name came after one had passed: nothing that has passed is tried again, unless all of its class is. */
  hasMore: boolean;
}

/** Finds tests that may be tries of one, in the order of a report. */
export interface Tries {
  /** Another report begins. */
  begin(): void;
  /** Keeps that a test has failed. */
  failed(found: RawCase): void;
  /** Returns the failures that a test which has passed may be another try of, and none of them again; none: it is no such try. */
  failuresBefore(passed: RawCase): readonly RawCase[];
  /** Keeps that a test has passed after those, as it is told. */
  passed(found: RawCase, failures: readonly RawCase[]): void;
  /** Returns all that was kept so, of all reports. */
  all(): readonly Tried[];
}

/** Failures that are kept of such tests: of what comes after these nobody asks whether it was a case. */
const MOST_KEPT = 500;

/** Returns what finds tries. */
export function createTries(): Tries {
  const all: Tried[] = [];
  /** In the report that is read, by what the tries of one test are known by there. */
  const failing = new Map<string, RawCase[]>();
  const ended = new Map<string, Tried>();
  let kept = 0;
  const noteMore = (key: string) => {
    const before = ended.get(key);
    if (before) before.hasMore = true;
  };
  return {
    begin() {
      failing.clear();
      ended.clear();
    },
    failed(found) {
      if (found.triedIn === undefined) return;
      const key = keyOf(found);
      noteMore(key);
      failing.set(key, [...(failing.get(key) ?? []), found]);
    },
    failuresBefore(passed) {
      if (passed.triedIn === undefined || failing.size + ended.size === 0) return [];
      const key = keyOf(passed);
      noteMore(key);
      const failures = failing.get(key) ?? [];
      failing.delete(key);
      return failures;
    },
    passed(found, failures) {
      kept += failures.length;
      if (kept > MOST_KEPT) return;
      const key = keyOf(found);
      const before = ended.get(key);
      if (before) {
        before.failures.push(...failures);
        before.passes.push(found);
        return;
      }
      const tried: Tried = { failures: [...failures], passes: [found], hasMore: false };
      ended.set(key, tried);
      all.push(tried);
    },
    all: () => all,
  };
}

function keyOf(found: RawCase): string {
  return JSON.stringify([found.triedIn, idOf(found)]);
}
