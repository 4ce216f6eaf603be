import { z } from 'zod';
import { isoTime } from './fields.js';

export const readinessAnswer = z
  .object({
    ready: z.boolean(),
    store: z
      .enum(['answers', 'away', 'damaged'])
      .describe(
        "away: it does not answer, or can't write. damaged: it takes nothing more until people have seen to it.",
      ),
    temporal: z.enum(['answers', 'away']),
    worker: z
      .enum(['runs', 'starting', 'away'])
      .exactOptional()
      .describe('the worker process of "hookyard start"; absent for a receiver that has none of its own'),
    workerSince: isoTime.exactOptional().describe('since when it is so'),
    workerCareful: z
      .boolean()
      .exactOptional()
      .describe('there while it does one thing after the other, since one before it died of its work'),
    waiting: z
      .number()
      .exactOptional()
      .describe("starts and signals that wait for Temporal; absent where they can't be counted in time"),
    failed: z.number().exactOptional().describe('starts that failed for good'),
  })
  .describe('How the server does: what GET /readyz answers.');

/** See {@link readinessAnswer}. */
export type ReadinessAnswer = z.output<typeof readinessAnswer>;
