import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { withDeadline } from '../async/deadline.js';
import type { Logger } from '../log.js';
import type { Dispatch, SignalDispatch, StartDispatch } from '../store/store.js';
import { TooLate } from './failure.js';
import { grpcCode } from './grpc-code.js';
import { startOptions } from './start-options.js';

export interface StartDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly log: Logger;
  /** For one call, in milliseconds: Temporal's client waits for 20 to 40 s by itself. */
  readonly deadlineMs: number;
}

/** Tells Temporal one thing. Doing it again changes nothing. Rejects with an error of Temporal's client. */
export async function startOrSignal(deps: StartDeps, dispatch: Dispatch): Promise<{ runId?: string }> {
  return dispatch.kind === 'start' ? start(deps, dispatch) : signal(deps, dispatch);
}

async function start(deps: StartDeps, dispatch: StartDispatch): Promise<{ runId?: string }> {
  const options = startOptions(dispatch, deps.taskQueue);
  const begin = async (how: typeof options) => {
    const handle = await answerInTime(deps, () => deps.client.workflow.start(dispatch.automation, how));
    return { runId: handle.firstExecutionRunId };
  };
  try {
    return await begin(options);
  } catch (error) {
    // It was started before: by an attempt whose answer was lost, or by another receiver.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return {};
    if (grpcCode(error) !== 'INVALID_ARGUMENT') throw error;
    return startUnindexed(begin, { options, dispatch, log: deps.log, error });
  }
}

/**
 * A namespace that does not know the search attributes refuses a start because of them. They are for finding runs, and
 * no reason to lose one.
 */
async function startUnindexed<O extends { typedSearchAttributes?: unknown }>(
  begin: (options: Omit<O, 'typedSearchAttributes'>) => Promise<{ runId?: string }>,
  { options, dispatch, log, error }: { options: O; dispatch: StartDispatch; log: Logger; error: unknown },
): Promise<{ runId?: string }> {
  const { typedSearchAttributes: _, ...unindexed } = options;
  try {
    const started = await begin(unindexed);
    log.warn({ run: dispatch.workflowId }, 'started without search attributes: does the namespace know them?');
    return started;
  } catch (second) {
    if (second instanceof WorkflowExecutionAlreadyStartedError) return {};
    throw grpcCode(second) === 'INVALID_ARGUMENT' ? error : second;
  }
}

async function signal(deps: StartDeps, dispatch: SignalDispatch): Promise<Record<string, never>> {
  const { workflowId, signal: name, payload } = dispatch;
  try {
    await answerInTime(deps, () => deps.client.workflow.getHandle(workflowId).signal(name, payload));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    deps.log.info({ run: workflowId, signal: name }, 'the answer came after the run had ended');
  }
  return {};
}

/** The client's own error says more, and comes soon after the deadline if it comes in time at all. */
const GRACE_MS = 500;

/**
 * A worker's connection takes the deadline as that of each try, and tries for up to ten seconds: it is not waited for. If
 * such a start succeeds after all, the next attempt finds the run there.
 */
async function answerInTime<T>({ client, deadlineMs }: StartDeps, call: () => Promise<T>): Promise<T> {
  const error = () => new TooLate(`no answer within ${deadlineMs} ms`);
  return withDeadline({ ms: deadlineMs + GRACE_MS, error }, () => client.withDeadline(Date.now() + deadlineMs, call));
}
