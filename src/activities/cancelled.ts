import { asyncLocalStorage } from '@temporalio/activity';

/**
 * Throws the `CancelledFailure` if the activity was cancelled: a request that this aborted has not failed by itself. Outside of
 * an activity there is nothing to be cancelled.
 */
export async function throwIfCancelled(): Promise<void> {
  const context = asyncLocalStorage.getStore();
  if (context?.cancellationSignal.aborted) await context.cancelled;
}
