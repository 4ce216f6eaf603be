import type { Activities } from './contract/index.js';

/** Activities that take minutes and a core: they run in slots of their own, on the task queue `<queue>-jobs`. */
export const JOB_ACTIVITIES: readonly string[] = ['runJob', 'mirrorRepository'] satisfies (keyof Activities)[];
