import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { DeadlineError, withDeadline } from '../async/deadline.js';
import type { Logger } from '../log.js';
import { CANCEL_SIGNAL, OUTDATED_SIGNAL } from '../runs/names.js';
import { attributesCommand, searchAttributes, withoutChanging } from '../runs/search-attributes.js';
import type { Dispatch, SignalDispatch, StartDispatch } from '../store/store.js';
import { grpcCode } from './grpc-code.js';
import { startOptions } from './start-options.js';

/** What starting a run needs. */
export interface StartDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly log: Logger;
  /** For one call, in milliseconds. Temporal's client alone would wait for 20 to 40 s. */
  readonly deadlineMs: number;
}

/**
 * Starts a run or signals one. Doing it again changes nothing. Rejects with an error of Temporal's client, a
 * {@link DeadlineError} or an `EventTooLargeError`.
 */
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
    return startLessIndexed(begin, { options, dispatch, client: deps.client, log: deps.log, error });
  }
}

/**
 * Starts a run with the search attributes that older versions had, or without any, in case the namespace refused it because
 * it does not know them: they are for finding runs, and no reason to lose one.
 */
async function startLessIndexed(
  begin: (options: ReturnType<typeof startOptions>) => Promise<{ runId?: string }>,
  given: Pick<StartDeps, 'client' | 'log'> & {
    options: ReturnType<typeof startOptions>;
    dispatch: StartDispatch;
    error: unknown;
  },
): Promise<{ runId?: string }> {
  const { options, dispatch, client, log, error } = given;
  const older = withoutChanging(options.typedSearchAttributes);
  for (const typedSearchAttributes of [older, []]) {
    try {
      const started = await begin({ ...options, typedSearchAttributes });
      const lacks =
        typedSearchAttributes.length > 0 ? 'HookyardOutcome, HookyardWaiting and HookyardLane' : 'search attributes';
      const makesThem = attributesCommand(client.options.namespace, searchAttributes);
      log.warn(
        { run: dispatch.workflowId },
        `workflow started without ${lacks}, which the namespace does not take: searches miss it; for later ones run: ${makesThem}`,
      );
      return started;
    } catch (second) {
      if (second instanceof WorkflowExecutionAlreadyStartedError) return {};
      if (grpcCode(second) !== 'INVALID_ARGUMENT') throw second;
    }
  }
  throw error;
}

async function signal(deps: StartDeps, dispatch: SignalDispatch): Promise<Record<string, never>> {
  const { workflowId, signal: name, payload } = dispatch;
  try {
    const run = deps.client.workflow.getHandle(workflowId);
    await answerInTime(deps, () => run.signal(name, payload));
    // It has been told why: what ends it is Temporal's cancellation.
    if (name === OUTDATED_SIGNAL || name === CANCEL_SIGNAL) await answerInTime(deps, () => run.cancel());
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    deps.log.info({ run: workflowId, signal: name }, 'signal dropped: the workflow had ended');
  }
  return {};
}

/** The client's own error says more, and comes soon after the deadline if at all. */
const GRACE_MS = 500;

/**
 * Throws a {@link DeadlineError} where the client goes on: a worker's connection takes the deadline as that of each of
 * its tries, and tries for up to ten seconds. If such a start succeeds after all, the next attempt finds the run there.
 */
async function answerInTime<T>({ client, deadlineMs }: StartDeps, call: () => Promise<T>): Promise<T> {
  const error = () => new DeadlineError(deadlineMs);
  return withDeadline({ ms: deadlineMs + GRACE_MS, error }, () => client.withDeadline(Date.now() + deadlineMs, call));
}
