import { z } from 'zod';
import type { HookyardEvent } from '../events/event.js';
import type { Normalised } from './webhook-scheme.js';

/**
 * How many refs of one push are read. The rest is ignored, since each may start runs: people do not push more by hand;
 * an import or a mirror does, and its hundredth branch needs no build.
 */
export const MAX_REFS = 100;

/** Returns the schema of a list of which only the first {@link MAX_REFS} items are read. */
export function firstOf<T extends z.ZodType>(item: T) {
  return z
    .array(z.unknown())
    .transform((list) => list.slice(0, MAX_REFS))
    .pipe(z.array(item));
}

/**
 * Returns an event per change. Changes that are ignored are left out; if all are, the first one's reason is returned.
 */
export function eachRef<T>(
  changes: readonly T[],
  read: (change: T) => HookyardEvent | { readonly ignored: string },
): Normalised {
  const answers = changes.map(read);
  const [first, ...more] = answers.filter((answer): answer is HookyardEvent => 'kind' in answer);
  if (first) return more.length === 0 ? { event: first } : { events: [first, ...more] };
  return answers.find((answer) => 'ignored' in answer) ?? { ignored: 'the push names no ref' };
}
