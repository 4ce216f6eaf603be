import { z } from 'zod';
import { list, milliseconds, yes } from './fields.js';

const testCase = z.object({
  name: z.string(),
  suite: z.string().exactOptional(),
  outcome: z.enum(['passed', 'failed', 'skipped', 'flaky']),
  durationMs: milliseconds.exactOptional(),
  file: z.string().exactOptional().describe('of the checkout, from its top, with slashes'),
  line: z.number().exactOptional(),
  message: z.string().exactOptional().describe('why it failed, was skipped or failed at first'),
});

export const testReport = z
  .object({
    passed: z.number(),
    failed: z.number(),
    skipped: z.number(),
    flaky: z
      .number()
      .describe('passed on this commit after a failure: in the same report, or in an earlier try or run'),
    durationMs: milliseconds,
    cases: list(testCase).describe('those that failed first, then flaky, skipped and slow ones; 50 at most'),
    notes: list(z.string()).describe('what could not be read, or was left out, in words'),
  })
  .describe('What the tests of a step came to.');

const problem = z.object({
  severity: z.enum(['error', 'warning', 'notice']),
  message: z.string(),
  file: z.string().describe('of the checkout, from its top, with slashes'),
  line: z.number(),
  column: z.number().exactOptional(),
  code: z.string().exactOptional().describe('the rule that was broken, as the tool calls it'),
  by: z.string().exactOptional().describe('who found it: the owner of a problem matcher, or the test'),
});

export const stepResult = z
  .object({
    name: z.string(),
    outcome: z.enum(['passed', 'failed', 'timed_out', 'skipped']),
    exitCode: z.number().exactOptional().describe('128 and the number of the signal where one has killed it'),
    durationMs: milliseconds,
    attempts: z.number().exactOptional().describe('how often it ran, where it ran again'),
    before: yes.exactOptional().describe('it ran in the run that this one goes on from'),
    continued: yes.exactOptional().describe('it did not pass, and the job went on'),
    because: z.string().exactOptional().describe('why it did not pass, where that is not its exit code'),
    tests: testReport.exactOptional(),
    problems: list(problem).exactOptional().describe('failing tests and problems with a place in the checkout'),
  })
  .describe('How a step of a job has ended.');
