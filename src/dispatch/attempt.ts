import type { Client } from '@temporalio/client';
import { type Backoff, backoffMs } from '../async/backoff.js';
import type { Logger } from '../log.js';
import type { Dispatch, Settlement } from '../store/store.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Permit } from './circuit-breaker.js';
import type { ConcurrencyLimit } from './concurrency-limit.js';
import { type DispatchFailure, toFailure } from './failure.js';
import { EFFECTS, type FailedOutcome, outcomeOf } from './outcome.js';
import type { PoisonDetector } from './poison-detector.js';
import type { PollerWatch } from './pollers.js';
import { startOrSignal } from './start.js';

/** Counts how attempts end. */
export interface DispatchMetrics {
  /** A run was started, `ms` milliseconds after it was asked for. */
  started(ms: number): void;
  notStarted(kind: DispatchFailure['kind']): void;
}

/** What an attempt to start a run needs. */
export interface AttemptDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly log: Logger;
  readonly metrics?: DispatchMetrics | undefined;
  readonly tracing?: Pick<Tracing, 'within'> | undefined;
  /** The pauses between the tries of a dispatch that fails while others are accepted. */
  readonly retry?: Backoff;
}

/** The mechanisms that learn from an attempt. */
interface Learning {
  readonly limit: ConcurrencyLimit;
  readonly detector: PoisonDetector;
  readonly pollers: PollerWatch;
}

type Result =
  | { readonly kind: 'accepted'; readonly runId: string | undefined }
  | { readonly kind: FailedOutcome; readonly failure: DispatchFailure; readonly tries: number };

const DEADLINE_MS = 5_000;
const OWN_RETRY: Backoff = { firstMs: 500, maxMs: 30_000 };
/** Shorter, because the breaker keeps the attempts few, and it should be noticed soon when Temporal is back. */
const OUTAGE_RETRY: Backoff = { firstMs: 500, maxMs: 5_000 };

/**
 * Hands one dispatch to Temporal. Returns what is to be stored of it; does not reject when Temporal does not accept it.
 */
export async function attemptDispatch(
  deps: AttemptDeps & Learning,
  permit: Permit,
  dispatch: Dispatch,
): Promise<Settlement> {
  const { id, kind, workflowId: run, attempt } = dispatch;
  const began = performance.now();
  const result = await tryOnce(deps, dispatch);
  const now = performance.now();
  const effect = EFFECTS[result.kind];
  permit[effect.breaker](now, 'failure' in result ? result.failure.error : '');
  if (result.kind === 'accepted') {
    const { runId } = result;
    deps.limit.observe(now - began);
    deps.detector.accepted(id);
    if (kind === 'start' && runId) deps.metrics?.started(Date.now() - dispatch.since);
    return { id, outcome: 'done', ...(runId && { runId }) };
  }
  const { failure, tries } = result;
  const { error } = failure;
  deps.metrics?.notStarted(failure.kind);
  if (effect.settlement === 'retry') {
    const pauseMs =
      effect.pause === 'own' ? backoffMs(tries, deps.retry ?? OWN_RETRY) : backoffMs(attempt, OUTAGE_RETRY);
    return { id, outcome: 'retry', dueAt: Date.now() + pauseMs, error };
  }
  deps.detector.forget(id);
  deps.log.error({ run, kind, attempt, because: error }, GIVEN_UP[kind]);
  return { id, outcome: 'failed', error };
}

const GIVEN_UP = {
  start: 'workflow not started, and not tried again: npx hookyard deliveries --failed lists it',
  signal: 'signal not sent, and not tried again',
} as const;

async function tryOnce(deps: AttemptDeps & Learning, dispatch: Dispatch): Promise<Result> {
  try {
    const { runId } = await inItsTrace(deps, dispatch, () =>
      startOrSignal({ ...deps, deadlineMs: DEADLINE_MS }, dispatch),
    );
    return { kind: 'accepted', runId };
  } catch (error) {
    const failure = toFailure(error);
    const { cause, tries } = deps.detector.failed(dispatch.id, failure, performance.now());
    return { kind: await outcomeOf(failure, cause, deps.pollers.answers), failure, tries };
  }
}

/** A start belongs to its delivery's trace, however long it has waited. */
function inItsTrace<T>({ tracing }: AttemptDeps, dispatch: Dispatch, work: () => Promise<T>): Promise<T> {
  if (!tracing || dispatch.kind !== 'start') return work();
  return tracing.within(dispatch.event.deliveryId, work);
}
