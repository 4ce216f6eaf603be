import type { TimelineEntry } from '../contract.js';

/** Of a run that has more, those that failed and those that go on are kept first, and then the earliest. */
const MAX_ENTRIES = 500;

/** Returns a timeline without what is too much of it, in its order. `isCut`: something was left out. */
export function cutTimeline(entries: readonly TimelineEntry[]): {
  readonly timeline: readonly TimelineEntry[];
  readonly isCut: boolean;
} {
  if (entries.length <= MAX_ENTRIES) return { timeline: entries, isCut: false };
  // Sorting keeps the order of what is of one rank.
  const kept = new Set(entries.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, MAX_ENTRIES));
  return { timeline: entries.filter((entry) => kept.has(entry)), isCut: true };
}

/** What somebody looks for is less. */
function rankOf({ state, step, status }: TimelineEntry): number {
  if (state === 'failed' || step?.tests?.failed) return 0;
  return state === 'running' || status ? 1 : 2;
}
