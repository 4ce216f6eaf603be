/** How a run can end. `failed`: a build of it did not pass. `error`: it threw, so its work is not done. */
export const RUN_OUTCOMES = ['passed', 'failed', 'error', 'cancelled', 'skipped'] as const;

/** How a run has ended, as `completed` filters it. */
export type RunOutcome = (typeof RUN_OUTCOMES)[number];
