import type { Activities } from './contract/index.js';

type Names = readonly string[];

/** Activities that take minutes and a core: they run in slots of their own, on the task queue `<queue>-jobs`. */
export const JOB_ACTIVITIES: Names = ['runJob', 'holdJob', 'mirrorRepository'] satisfies (keyof Activities)[];

/** Activities for a job that this process holds: they take none of those slots, and have a task queue that is this process's own. */
export const STEP_ACTIVITIES: Names = ['runStep', 'keepJob', 'snapshotJob', 'closeJob'] satisfies (keyof Activities)[];
