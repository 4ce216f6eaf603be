/** What a step says of its tests, and of problems in its output. Bounded: it stands in a run's history. */

/** What the tests of a step came to, of all reports that it wrote. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Passed on this commit after a failure: in the same report, or in an earlier try or run. They count as passed too. */
  readonly flaky: number;
  /** Of all tests, as their reports say, in milliseconds. */
  readonly durationMs: number;
  /** Those that failed first, then the flaky ones, then skipped ones, then the slowest: 50 at most. */
  readonly cases: readonly TestCase[];
  /** What could not be read, or was left out, in words. */
  readonly notes: readonly string[];
}

/** One test. */
export interface TestCase {
  readonly name: string;
  /** The class, the file or the suites that it belongs to, as its report calls them. */
  readonly suite?: string;
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'flaky';
  readonly durationMs?: number;
  /** A file of the checkout, from its top, with slashes. */
  readonly file?: string;
  readonly line?: number;
  /** Why it failed, was skipped or failed at first: 600 characters at most. */
  readonly message?: string;
}

/** A problem that a line of output tells of, or a failing test, at a place in the checkout. */
export interface Problem {
  readonly severity: 'error' | 'warning' | 'notice';
  readonly message: string;
  /** A file of the checkout, from its top, with slashes. */
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  /** The rule that was broken, as the tool calls it. */
  readonly code?: string;
  /** Who found it: the owner of a problem matcher, or the test. */
  readonly by?: string;
}

/**
 * A problem matcher in GitHub's format: regular expressions for one line or several in a row, and the numbers of the groups that
 * hold what. Source: https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md
 */
export interface ProblemMatcher {
  readonly owner: string;
  /** Where a pattern has no group for it. Default: `'error'`. */
  readonly severity?: 'error' | 'warning' | 'notice';
  readonly pattern: readonly ProblemPattern[];
}

/** One line of a problem matcher. */
export interface ProblemPattern {
  readonly regexp: string;
  readonly file?: number;
  readonly fromPath?: number;
  readonly line?: number;
  readonly column?: number;
  readonly severity?: number;
  readonly code?: number;
  readonly message?: number;
  /** The last of several: it may match again and again. */
  readonly loop?: boolean;
}
