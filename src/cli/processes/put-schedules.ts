import type { Logger } from '../../log.js';

/** What {@link createPutSchedules} works with. */
export interface PutSchedulesDeps {
  /** Puts all Schedules as they are to be now, and returns whether they have all that they need. */
  readonly put: () => Promise<boolean>;
  /** Whether this process is about to end. */
  readonly stopping: () => boolean;
  readonly log: Logger;
}

/** A namespace that was given its search attributes when this process started knows them by then. */
const AGAIN_MS = 90_000;

/**
 * Returns what puts the Schedules, and does so once more after 90 seconds where they lack search attributes, or Temporal has refused some
 * or was away. Never rejects.
 */
export function createPutSchedules({ put, stopping, log }: PutSchedulesDeps): () => Promise<void> {
  const putNow = (again: string) =>
    put().catch((error: Error) => {
      log.error(
        { because: error.message },
        `the schedules in Temporal may not be what automations and sources ask for; ${again} tries again`,
      );
      return false;
    });
  // One after the other: an older one still holds an older list, and deletes what is not in it.
  let last = Promise.resolve(true);
  const next = (again: string) => {
    last = last.then(() => putNow(again));
    return last;
  };
  let timer: NodeJS.Timeout | undefined;
  const onceMore = () => void (stopping() ? undefined : next('the next reload or start'));
  return async () => {
    if (await next(`this worker in ${AGAIN_MS / 1000} s, or the next reload or start,`)) return;
    clearTimeout(timer);
    timer = setTimeout(onceMore, AGAIN_MS).unref();
  };
}
