import { ActivityFailure, ApplicationFailure, patched } from '@temporalio/workflow';
import type { HeldJob } from '../../activities/contract/index.js';
import { JOB_ATTEMPTS } from './activities.js';

/** The activity that has a job held, and how it has ended. */
export interface Hold {
  holding: Promise<HeldJob>;
  end?: 'closed' | 'failed';
  /** Its steps have ended: it is not begun again. */
  isOver?: true;
}

/** Runs that an older version started give up once workers that can't hold a job have used up the attempts. */
const HOLDS_AGAIN = 'hold-again';
/** How long a rolling upgrade may take, in milliseconds. */
const UPGRADE_MS = 3_600_000;

/**
 * Has a job held, and again where the attempts have gone to workers of an older version, which do not know how: they are no hosts of
 * the job, and the next ones are upgraded within the hour. `begin`: with how many attempts were made before.
 */
export function holdFor(begin: (attemptsBefore: number) => Promise<HeldJob>): Hold {
  const since = Date.now();
  let attempts = 0;
  const hold: Hold = { holding: begin(attempts) };
  const heed = () => {
    hold.holding.then(
      () => (hold.end = 'closed'),
      (error) => {
        const isEarly = Date.now() - since < UPGRADE_MS && hold.isOver !== true;
        if (!isEarly || !isUnknownToWorker(error) || !patched(HOLDS_AGAIN)) {
          hold.end = 'failed';
          return;
        }
        attempts += JOB_ATTEMPTS;
        hold.holding = begin(attempts);
        heed();
      },
    );
  };
  heed();
  return hold;
}

/** As Temporal's SDK says that a worker has no activity of this name. */
function isUnknownToWorker(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof ApplicationFailure &&
    error.cause.type === 'NotFoundError'
  );
}
