import { z } from 'zod';

export const forgetCounts = z
  .object({
    deliveries: z.number(),
    bodyBytes: z.number(),
    waiting: z.number().describe('deliveries that are left because a run of theirs has not ended'),
    lines: z.number().describe("lines of jobs' output"),
    attempts: z.number().describe('tries of outbound messages'),
    records: z.number().describe('synced records, and what Hookyard remembers'),
    runs: z.number().describe('runs in Temporal, with their histories'),
    open: z.number().describe('runs in Temporal that have not ended, and are left'),
  })
  .describe('What there was to forget.');

/** See {@link forgetCounts}. */
export type ForgetCounts = z.output<typeof forgetCounts>;

export const forgetAnswer = z
  .object({
    counts: forgetCounts,
    delivery: z.string().exactOptional().describe("Hookyard's whole id of the delivery, where one was named"),
    next: z.unknown().exactOptional().describe('the "from" of the next call; absent when all is done'),
  })
  .describe('What was removed by this call, or would be.');

/** See {@link forgetAnswer}. */
export type ForgetAnswer = z.output<typeof forgetAnswer>;
