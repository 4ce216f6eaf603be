import { z } from 'zod';
import type { StepResult } from '../../../activities/contract/index.js';

const testCase = z.object({
  name: z.string(),
  suite: z.string().optional(),
  outcome: z.enum(['passed', 'failed', 'skipped', 'flaky']),
  durationMs: z.number().optional(),
  file: z.string().optional(),
  line: z.number().optional(),
  message: z.string().optional(),
});
const problem = z.object({
  severity: z.enum(['error', 'warning', 'notice']),
  message: z.string(),
  file: z.string(),
  line: z.number(),
  column: z.number().optional(),
  code: z.string().optional(),
  by: z.string().optional(),
});
const stepSchema = z.object({
  name: z.string(),
  outcome: z.enum(['passed', 'failed', 'timed_out', 'skipped']),
  exitCode: z.number().optional(),
  durationMs: z.number(),
  attempts: z.number().optional(),
  before: z.literal(true).optional(),
  continued: z.literal(true).optional(),
  because: z.string().optional(),
  tests: z
    .object({
      ...{ passed: z.number(), failed: z.number(), skipped: z.number(), flaky: z.number(), durationMs: z.number() },
      cases: z.array(testCase),
      notes: z.array(z.string()),
    })
    .optional(),
  problems: z.array(problem).optional(),
});

const summarySchema = z.object({ summary: z.string() });

/** Returns what a step has written to `$HOOKYARD_SUMMARY`, as a history holds it; `''` where that is nothing. */
export function summaryOf(value: unknown): string {
  return summarySchema.safeParse(value).data?.summary.trim() ?? '';
}

/** Returns what a step came to, as a history holds it; undefined for anything else. */
export function stepOf(value: unknown): StepResult | undefined {
  const read = stepSchema.safeParse(value);
  // What is optional is absent here, as JSON has it.
  return read.success ? (JSON.parse(JSON.stringify(read.data)) as StepResult) : undefined;
}
