import { z } from 'zod';
import { refused } from '../failures.js';

/**
 * How far a pass over a target's hooks has come. It goes through the workflow as text: its fields stand in histories.
 */
const cursorSchema = z.object({
  /** Ids of the hooks that are still to be read, beginning with the current one. */
  hooks: z.array(z.string()),
  /** The provider's cursor within the current hook. */
  at: z.string().optional(),
  /** Where the pass before ended, unless somebody asked for another time. Unix ms. */
  since: z.number(),
  /** When this pass began. Unix ms. */
  began: z.number(),
  /** Whether somebody asked for `since`. */
  asked: z.boolean(),
  /** How many pages of all hooks have been read. */
  pages: z.number().default(0),
  /** Whether something was left over: the next pass then begins where this one did. */
  left: z.boolean().default(false),
  /**
   * Keys that were answered with 2xx on an earlier page, though the inbox does not have them: repeats of the same body.
   */
  answered: z.array(z.string()),
});

/** How far a pass has come; see {@link formatCursor}. */
export type Cursor = z.output<typeof cursorSchema>;

/** Returns the cursor as text. */
export function formatCursor(cursor: Cursor): string {
  return JSON.stringify(cursor);
}

/** Reads what {@link formatCursor} wrote. Throws `Refused` for anything else. */
export function parseCursor(text: string): Cursor {
  try {
    return cursorSchema.parse(JSON.parse(text));
  } catch {
    throw refused('the cursor is not one that an earlier page returned: begin without a cursor');
  }
}
