import type { FlakyTest } from '../../../runs/flaky-records.js';

/** `GET /api/tests/flaky?repository=&limit=`: those that were flaky last come first. */
export interface FlakyTestsAnswer {
  readonly tests: readonly FlakyTest[];
  /** There are more than were asked for. */
  readonly more?: true;
}
