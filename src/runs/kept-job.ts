import { z } from 'zod';

/** Whether the workspace of a job that failed is kept, and where. Stands in histories, as the result of the activity `keepJob`. */
export type KeptJob = z.output<typeof keptJobSchema>;

/** Reads a {@link KeptJob}: workers of an older version tell nothing. */
export const keptJobSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('kept'),
    job: z.string(),
    /** Of the step that did not pass. */
    step: z.string(),
    /** Name of the machine whose worker keeps it. */
    host: z.string(),
    /** Until when, Unix ms. */
    until: z.number(),
  }),
  z.object({ kind: z.literal('not kept'), job: z.string(), because: z.string() }),
]);
