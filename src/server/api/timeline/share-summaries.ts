import { truncate } from '../../../events/truncate.js';
import type { TimelineEntry } from '../contract.js';
import { summaryOf } from './step-of.js';

/** An entry that can still be told what was written. */
type Entry = Pick<TimelineEntry, 'job' | 'number'> & { summary?: string };

/** In characters, of what all steps have written for people. */
const MAX_SUMMARIES = 64_000;

/**
 * Creates what keeps what steps have written for people, until the last attempt of each is known: what an attempt wrote that was followed
 * by another is not what its step came to, and takes no room from the rest.
 */
export function createSummaries() {
  const written = new Map<unknown, { readonly entry: Entry; readonly text: string }>();
  return {
    /**
     * Takes what an entry has come to, as a history holds it, in the place of what the attempt before has. `nth`: which of its name the
     * job is, from 1.
     */
    add(entry: Entry, result: unknown, nth = 1): void {
      const { job, number } = entry;
      const key = job === undefined || number === undefined ? entry : JSON.stringify([job, nth, number]);
      const text = summaryOf(result);
      written.delete(key);
      if (text !== '') written.set(key, { entry, text });
    },
    /** Writes into the entries as much as there is room for, from the first that ended. */
    shareOut(): void {
      let room = MAX_SUMMARIES;
      for (const { entry, text } of written.values()) {
        if (room <= 0) return;
        entry.summary = truncate(text, room);
        room -= entry.summary.length;
      }
    },
  };
}
