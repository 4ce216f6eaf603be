import { Context } from '@temporalio/activity';

/**
 * Throws the `CancelledFailure` if the activity was cancelled: a request that this aborted has not failed by itself.
 */
export async function throwIfCancelled(): Promise<void> {
  const context = Context.current();
  if (context.cancellationSignal.aborted) await context.cancelled;
}
