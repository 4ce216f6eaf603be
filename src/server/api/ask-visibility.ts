import { isGrpcDeadlineError, isGrpcServiceError } from '@temporalio/client';
import { backoffMs } from '../../async/backoff.js';
import { retry } from '../../async/retry.js';

/** How often a list is asked for, and the pauses between: Temporal refuses what is over its limit of a second. */
const MAX_TRIES = 4;
const PAUSE = { firstMs: 250, maxMs: 1_000 };
/** gRPC's status code. */
const RESOURCE_EXHAUSTED = 8;

/** Lists or counts runs, and does so again where Temporal refuses it. `most`: so often at most. */
export async function askVisibility<T>(ask: () => Promise<T>, most = MAX_TRIES): Promise<T> {
  let refusal: unknown;
  const again = (error: unknown, tries: number) => {
    if (!isRefused(error)) return false;
    refusal = error;
    return tries < most;
  };
  try {
    return await retry(ask, { again, pauseMs: (tries) => backoffMs(tries, PAUSE) });
  } catch (error) {
    // The time was over before Temporal allowed it: whoever asks is told why, and not that there was no answer.
    throw refusal !== undefined && isGrpcDeadlineError(error) ? refusal : error;
  }
}

/** Returns whether Temporal has refused something, since it is asked for more than it allows a second. */
export function isRefused(error: unknown): boolean {
  if (isGrpcServiceError(error)) return error.code === RESOURCE_EXHAUSTED;
  // The client's own lists and counts have it as their cause.
  return error instanceof Error && error.cause !== undefined && isRefused(error.cause);
}
