import {
  ActivityFailure,
  ApplicationFailure,
  ContinueAsNew,
  isCancellation,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/workflow';

/** The sentence that a person wants to read: an activity's failure wraps it. */
export function reasonOf(error: unknown): string {
  if (error instanceof ActivityFailure && error.cause) return reasonOf(error.cause);
  if (error instanceof TimeoutFailure) return `timed out (${error.timeoutType})`;
  if (error instanceof ApplicationFailure) return error.message;
  return error instanceof Error ? error.message : String(error);
}

/**
 * What a workflow function throws, as a failure that ends the run. Temporal retries a workflow task on errors that it
 * does not know, for ever; an author who throws means the run to fail. The engine's own errors, such as code that
 * changed under a running workflow, surface outside the function and stay retryable.
 */
export function asFailure(error: unknown): unknown {
  if (error instanceof TemporalFailure || error instanceof ContinueAsNew || isCancellation(error)) return error;
  if (!(error instanceof Error)) return ApplicationFailure.nonRetryable(String(error));
  const failure = ApplicationFailure.create({ message: error.message, type: error.name, nonRetryable: true });
  if (error.stack) failure.stack = error.stack;
  return failure;
}

/** A workflow function whose errors fail the run; for those that are exported beside automations. */
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
