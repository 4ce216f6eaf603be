import {
  ActivityFailure,
  ApplicationFailure,
  ContinueAsNew,
  isCancellation,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/workflow';

/** Returns the sentence that a person wants to read: that of the cause, where an activity's failure wraps it. */
export function reasonOf(error: unknown): string {
  if (error instanceof ActivityFailure && error.cause) return reasonOf(error.cause);
  if (error instanceof TimeoutFailure) return `timed out (${error.timeoutType})`;
  if (error instanceof ApplicationFailure) return error.message;
  return error instanceof Error ? error.message : String(error);
}

/**
 * Returns what a workflow function threw as a failure that ends the run. Temporal would retry the workflow task for ever
 * on an error that it does not know; an author who throws wants the run to fail. The engine's own errors, such as code
 * that changed under a running workflow, surface outside of the function and stay retryable.
 */
export function asFailure(error: unknown): unknown {
  if (error instanceof TemporalFailure || error instanceof ContinueAsNew || isCancellation(error)) return error;
  if (!(error instanceof Error)) return ApplicationFailure.nonRetryable(String(error));
  const failure = ApplicationFailure.create({ message: error.message, type: error.name, nonRetryable: true });
  if (error.stack) failure.stack = error.stack;
  return failure;
}

/** Wraps a workflow function so that its errors fail the run: for the functions that modules export besides automations. */
export function failing<A extends unknown[], R>(fn: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  const workflow = async (...args: A): Promise<R> => {
    try {
      return await fn(...args);
    } catch (error) {
      throw asFailure(error);
    }
  };
  // Options set on the function (`setWorkflowOptions`) are properties of it.
  return Object.assign(workflow, fn);
}
