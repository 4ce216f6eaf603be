import { z } from 'zod';
import type { RepositoryEvent } from '../events/event.js';
import { leftOutInWords } from '../events/refs-left-out.js';
import type { Normalised } from './webhook-scheme.js';

/**
 * How many refs of one push are read. The rest is left out, and said to be, since each may start runs of every automation:
 * people do not push more by hand; an import or a mirror does, and its hundredth branch needs no build.
 */
const MAX_REFS = 100;

/** The first items of a list, and how many were left out. */
export interface First<T> {
  readonly items: readonly T[];
  readonly leftOut: number;
}

/**
 * Returns the schema of a list of which only the first {@link MAX_REFS} items are read. One that is malformed, by its name for
 * example, is left out too, unless none is well formed: the other refs were pushed all the same.
 */
export function firstOf<T extends z.ZodType>(item: T) {
  return z.array(z.unknown()).transform((list, context): First<z.output<T>> => {
    const read = list.slice(0, MAX_REFS).map((one) => item.safeParse(one));
    const items = read.flatMap(({ success, data }) => (success ? [data as z.output<T>] : []));
    if (items.length > 0 || list.length === 0) return { items, leftOut: list.length - items.length };
    for (const [at, { error }] of read.entries())
      for (const { path, message } of error?.issues ?? [])
        context.addIssue({ code: 'custom', path: [at, ...path], message });
    return z.NEVER;
  });
}

/**
 * Returns an event per change; each says how many refs of the push were left out. Changes that are ignored have
 * none; if all are, the first one's reason is returned.
 */
export function eachRef<T>(
  { items, leftOut }: First<T>,
  read: (change: T) => RepositoryEvent | { readonly ignored: string },
): Normalised {
  const answers = items.map(read);
  const events = answers.filter((answer): answer is RepositoryEvent => 'kind' in answer);
  const [first, ...more] = leftOut > 0 ? events.map((event) => ({ ...event, refsLeftOut: leftOut })) : events;
  if (first) return more.length === 0 ? { event: first } : { events: [first, ...more] };
  const { ignored } = answers.find((answer) => 'ignored' in answer) ?? { ignored: 'the push names no ref' };
  return { ignored: leftOut > 0 ? `${ignored}; ${leftOutInWords(leftOut)}` : ignored };
}
