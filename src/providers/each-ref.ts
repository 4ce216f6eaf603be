import { z } from 'zod';
import type { HookyardEvent } from '../events/event.js';
import type { Normalised } from './webhook-scheme.js';

/**
 * One push may tell of many refs, and each event may start runs: this many are read, and the rest is left. People do not
 * push more by hand; an import or a mirror does, and its hundredth branch wants no build.
 */
export const MAX_REFS = 100;

/** A list of which only the first {@link MAX_REFS} are looked at. */
export function firstOf<T extends z.ZodType>(item: T) {
  return z
    .array(z.unknown())
    .transform((list) => list.slice(0, MAX_REFS))
    .pipe(z.array(item));
}

/** An event per change. What is no event is left out; its reason is given where nothing else is left. */
export function eachRef<T>(
  changes: readonly T[],
  read: (change: T) => HookyardEvent | { readonly ignored: string },
): Normalised {
  const answers = changes.map(read);
  const [first, ...more] = answers.filter((answer): answer is HookyardEvent => 'kind' in answer);
  if (first) return more.length === 0 ? { event: first } : { events: [first, ...more] };
  return answers.find((answer) => 'ignored' in answer) ?? { ignored: 'the push names no ref' };
}
