import { asyncLocalStorage } from '@temporalio/activity';

/**
 * Throws the `CancelledFailure` if the activity was cancelled: a request that this aborted has not failed by itself. Outside of
 * an activity there is nothing to be cancelled.
 */
export async function throwIfCancelled(): Promise<void> {
  const context = asyncLocalStorage.getStore();
  if (context?.cancellationSignal.aborted) await context.cancelled;
}

/** Does what has to be done though the activity was cancelled: {@link throwIfCancelled} does not throw in it. */
export function evenIfCancelled<T>(work: () => Promise<T>): Promise<T> {
  return asyncLocalStorage.run(undefined as never, work);
}
