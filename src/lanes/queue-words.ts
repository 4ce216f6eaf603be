/** How a run waits in its lane. */
export interface Queued {
  /** 1 is the next. */
  readonly place: number;
  /** The run that is before it, or that has the slot. */
  readonly after?: string;
  /** Who holds the lane up, and why; absent where nobody does. */
  readonly paused?: { readonly by?: string; readonly reason?: string };
}

/** Places that are told as they are: of a long queue, nobody reads every step of the last. */
const EXACT = 10;

/** Returns in words how a run waits, for a commit status. `lane`: as people call it. */
export function queueWords({ place, after, paused }: Queued, lane: string): string {
  if (paused) return `paused: ${paused.reason ?? `by ${paused.by ?? 'an operator'}`}`;
  if (place > EXACT) return `queued: over ${EXACT} before it`;
  return `queued: ${ordinal(place)}${after === undefined ? '' : `, after run ${after}`} of ${lane}`;
}

function ordinal(place: number): string {
  return `${place}${['th', 'st', 'nd', 'rd'][place] ?? 'th'}`;
}
