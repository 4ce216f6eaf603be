import { z } from 'zod';
import { refused } from '../failures.js';

/** Where a look at a target's hooks has come to. It goes through the workflow, as text. */
const placeSchema = z.object({
  /** Ids of the hooks that are still to be read; the first is under way. */
  hooks: z.array(z.string()),
  /** The provider's cursor within that one. */
  at: z.string().optional(),
  /** Unix ms, both: up to when everything was looked at before, and when the look began. */
  since: z.number(),
  began: z.number(),
  /** Whether `since` was asked for, and is not where the last look ended. */
  asked: z.boolean(),
  /** How many pages have been looked at, of all hooks. */
  pages: z.number().default(0),
  /** Whether something was left for the next look, which then begins where this one did. */
  left: z.boolean().default(false),
  /** Keys that were answered with 2xx on an earlier page, though the inbox has them not: the same body had come before. */
  answered: z.array(z.string()),
});

export type Place = z.output<typeof placeSchema>;

/** As text. */
export function written(place: Place): string {
  return JSON.stringify(place);
}

/** Throws `Refused` for what is no place. */
export function readPlace(cursor: string): Place {
  try {
    return placeSchema.parse(JSON.parse(cursor));
  } catch {
    throw refused('the cursor is none that an earlier page answered');
  }
}
