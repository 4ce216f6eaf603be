import type { HookyardEvent } from './event.js';

/** Returns how many refs of a delivery's push were not read, because it told of too many or they are malformed. Its events say it. */
export function refsLeftOutOf(events: readonly HookyardEvent[]): number {
  const [first] = events;
  return (first && 'refsLeftOut' in first && first.refsLeftOut) || 0;
}

/** Returns for people that refs of a push were not read; undefined where all were. */
export function leftOutInWords(refs: number): string | undefined {
  if (refs === 0) return undefined;
  return `${refs} ${refs === 1 ? 'ref' : 'refs'} of the push ${refs === 1 ? 'was' : 'were'} not read: malformed, or more than are read of one push`;
}
