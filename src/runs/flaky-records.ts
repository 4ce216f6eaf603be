import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What is kept of tests beside the synced records, in collections that automations can't write to. Stored: the names stay. */

/** Collection of the tests that were flaky: they failed, and then passed on the same commit. */
export const FLAKY_TESTS = 'hookyard.flaky-tests';
/** Collection of the tests that have failed on a commit, a row for each step of a job. */
export const FAILED_TESTS = 'hookyard.failed-tests';

/** Reads a {@link FlakyTest}. */
export const flakySchema = z.object({
  source: z.string(),
  /** `owner/name` */
  repository: z.string(),
  automation: z.string(),
  job: z.string(),
  test: z.string(),
  suite: z.string().optional(),
  file: z.string().optional(),
  line: z.number().optional(),
  /** Why it failed the last time. */
  message: z.string().optional(),
  /** How often it was flaky in the time that is kept. */
  times: z.number(),
  /** ISO 8601. */
  firstAt: z.string(),
  lastAt: z.string(),
  /** Where it was flaky the last time: the commit, and the workflow id of the run. */
  sha: z.string(),
  run: z.string(),
});

/** A test that has failed and then passed on the same commit. */
export type FlakyTest = z.output<typeof flakySchema>;

/** Returns a stored flaky test; undefined for a row of another version. */
export function flakyOf(data: unknown): FlakyTest | undefined {
  return flakySchema.safeParse(data).data;
}

const failedSchema = z.object({
  source: z.string(),
  repository: z.string(),
  tests: z.array(z.object({ test: z.string(), suite: z.string().optional(), message: z.string() })),
});

/** The tests that have failed in a step, on one commit. */
export type FailedTests = z.output<typeof failedSchema>;

/** Returns stored failed tests; undefined for a row of another version. */
export function failedOf(data: unknown): FailedTests | undefined {
  return failedSchema.safeParse(data).data;
}

/** Returns the key of a row: names are of any length. */
export function testsKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
