import { z } from 'zod';
import { list, unixMs } from './fields.js';
import { sourceOverview } from './overview.js';

export const failedDelivery = z
  .object({
    id: z.string().describe("Hookyard's own"),
    receivedAt: unixMs,
    eventName: z.string(),
    error: z.string().exactOptional().describe('what went wrong with the first'),
  })
  .describe('A delivery of which something could not be started.');

/** See {@link failedDelivery}. */
export type FailedDelivery = z.output<typeof failedDelivery>;

export const sourceFinding = z
  .object({
    level: z.enum(['ok', 'warn', 'problem']),
    says: z.string(),
    advice: z.string().exactOptional().describe('what to do'),
  })
  .describe('What a person should know of a source.');

/** See {@link sourceFinding}. */
export type SourceFinding = z.output<typeof sourceFinding>;

export const shownSource = sourceOverview
  .extend({
    verifiedBy: z.string().describe('how its deliveries are verified'),
    failed: list(failedDelivery).describe(
      'the last deliveries that asked for starts which failed for good, newest first, five at most',
    ),
    findings: list(sourceFinding).describe(
      'what "hookyard doctor" says of it without asking its provider: that asks more',
    ),
  })
  .describe('A source, and what this server knows of it without asking its provider.');

/** See {@link shownSource}. */
export type ShownSource = z.output<typeof shownSource>;

export const sourcesAnswer = z
  .object({
    sources: list(shownSource),
    next: z.string().exactOptional().describe('the "after" of the next page; absent on the last'),
  })
  .describe('The sources that are configured. Nothing in it is a secret.');

/** See {@link sourcesAnswer}. */
export type SourcesAnswer = z.output<typeof sourcesAnswer>;
