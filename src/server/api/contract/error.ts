import { z } from 'zod';
import { list, unixMs } from './fields.js';

const deliveryMeaning = z.object({
  id: z.string(),
  source: z.string(),
  key: z.string(),
  eventName: z.string(),
  receivedAt: unixMs,
});

export const errorAnswer = z
  .object({
    error: z.string().describe('what is wrong, and what to do'),
    meanings: list(deliveryMeaning)
      .exactOptional()
      .describe(
        'with 409 where a delivery was asked for by a name that several have: those, newest first, a few at most',
      ),
    runs: list(z.string())
      .exactOptional()
      .describe('with 409 where a run was asked for by a name that several have: their workflow ids, a few at most'),
  })
  .describe('Any answer but 2xx.');

/** See {@link errorAnswer}. */
export type ErrorAnswer = z.output<typeof errorAnswer>;
