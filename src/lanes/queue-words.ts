/** How a run waits in its lane. */
export interface Queued {
  /** 1 is the next. */
  readonly place: number;
  /** The run that is before it, or that has the slot. */
  readonly after?: string;
  /** Who holds the lane up, and why; absent where nobody does. */
  readonly paused?: { readonly by?: string; readonly reason?: string };
}

/** As much of it as is known. */
type Known = { readonly [K in keyof Queued]?: Queued[K] | undefined };

/** Places that are told as they are: of a long queue, nobody reads every step of the last. */
const EXACT = 10;

/** Returns in words how a run waits, for a commit status. `lane`: as people call it. */
export function queueWords({ place, after, paused }: Queued, lane: string): string {
  if (paused) return `paused: ${paused.reason ?? `by ${paused.by ?? 'an operator'}`}`;
  if (place > EXACT) return `queued: over ${EXACT} before it`;
  return `queued: ${ordinal(place)}${after === undefined ? '' : `, after run ${after}`} of ${lane}`;
}

/** Returns in words how a run waits, for who asks about it. `lane`: as people call it, where that is known. */
export function placeWords({ place, after, paused }: Known, lane?: string): string {
  const words = `waits in ${lane === undefined ? 'its lane' : `the lane ${lane}`}`;
  const where = place === undefined ? words : `${words}, place ${place}`;
  if (!paused) return after === undefined ? where : `${where}, after ${after}`;
  const { by = 'an operator', reason } = paused;
  return `${where}, which ${by} has paused${reason === undefined ? '' : `: ${reason}`}`;
}

/** Returns in words how a run waits that has not begun: for more of the same until a time (Unix ms), or for its turn. */
export function waitWords({ until, ...waits }: Known & { readonly until?: number | undefined }): string {
  if (until === undefined) return placeWords(waits);
  return `waits until ${new Date(until).toISOString()} for more of the same, which takes its place`;
}

function ordinal(place: number): string {
  return `${place}${['th', 'st', 'nd', 'rd'][place] ?? 'th'}`;
}
