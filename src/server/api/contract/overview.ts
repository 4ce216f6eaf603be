import { z } from 'zod';
import { deliveryRecord } from './deliveries.js';
import { isoTime, list } from './fields.js';
import { readinessAnswer } from './readiness.js';
import { listedRun, stuckRun } from './runs.js';

export const arrivals = z
  .object({
    perMinute: list(z.number()).describe('whole minutes and the one under way, the oldest first'),
    complete: z.boolean().describe('false if there were more than were counted: the first minutes are left out then'),
  })
  .describe('How many deliveries came lately.');

/** See {@link arrivals}. */
export type Arrivals = z.output<typeof arrivals>;

export const sourceOverview = z
  .object({
    name: z.string(),
    kind: z.string(),
    enabled: z.boolean(),
    lastDelivery: deliveryRecord
      .pick({ id: true, receivedAt: true, eventName: true })
      .exactOptional()
      .describe('the newest that was stored'),
    lastLook: listedRun
      .pick({ run: true, status: true, startedAt: true, endedAt: true, url: true })
      .exactOptional()
      .describe(
        'the last look for missed deliveries; absent where nothing looks, none has been yet, or Temporal does not answer',
      ),
    limited: z
      .number()
      .exactOptional()
      .describe('how many of its deliveries this server has refused for its limit within the last hour'),
  })
  .describe('How a source does.');

/** See {@link sourceOverview}. */
export type SourceOverview = z.output<typeof sourceOverview>;

export const overviewAnswer = z
  .object({
    at: isoTime.describe('when it was looked'),
    health: readinessAnswer,
    workers: z
      .number()
      .exactOptional()
      .describe('how many worker processes have asked Temporal for work lately; absent where it does not tell in time'),
    red: list(listedRun)
      .exactOptional()
      .describe(
        'runs that ended in the last 24 hours and failed, the latest first; absent where Temporal does not answer in time, as all runs are',
      ),
    running: list(listedRun).exactOptional().describe('runs that are open and wait for nothing, newest first'),
    waiting: list(listedRun).exactOptional().describe('runs that wait before their own work begins'),
    counts: z
      .object({
        red: z.number().exactOptional(),
        running: z.number().exactOptional(),
        waiting: z.number().exactOptional(),
      })
      .exactOptional()
      .describe(
        'how many there are of these runs, also of those that are not listed; absent where Temporal does not count in time',
      ),
    stuck: list(stuckRun)
      .exactOptional()
      .describe('runs that do not go on by themselves; absent also where that is not known'),
    failedDeliveries: list(deliveryRecord).describe(
      'the latest deliveries with a start that failed for good and was not asked for again',
    ),
    arrivals,
    sources: list(sourceOverview),
  })
  .describe('What is broken, what runs, what waits.');

/** See {@link overviewAnswer}. */
export type OverviewAnswer = z.output<typeof overviewAnswer>;
