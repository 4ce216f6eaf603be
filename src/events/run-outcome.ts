/**
 * How a run can end. `failed`: a build of it did not pass. `error`: it threw, so its work is not done. `superseded`: a newer run
 * took its place in its lane.
 */
export const RUN_OUTCOMES = ['passed', 'failed', 'error', 'cancelled', 'superseded', 'skipped'] as const;

/** How a run has ended, as `completed` filters it. */
export type RunOutcome = (typeof RUN_OUTCOMES)[number];
