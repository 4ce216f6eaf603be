import { z } from 'zod';
import { flakySchema } from '../../../runs/flaky-records.js';
import { list, yes } from './fields.js';

export const flakyTestsAnswer = z
  .object({
    tests: list(flakySchema),
    more: yes.exactOptional().describe('there are more than were asked for'),
  })
  .describe('Tests that failed and then passed on the same commit; those that were flaky last come first.');

/** See {@link flakyTestsAnswer}. */
export type FlakyTestsAnswer = z.output<typeof flakyTestsAnswer>;
