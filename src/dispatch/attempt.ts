import type { Client } from '@temporalio/client';
import { backoffMs } from '../async/backoff.js';
import type { Logger } from '../log.js';
import type { ReceiverMetrics } from '../server/metrics.js';
import type { Dispatch, Settlement } from '../store/store.js';
import type { Tracing } from '../tracing/tracing.js';
import type { GateTicket } from './circuit-breaker.js';
import type { Pace } from './concurrency-limit.js';
import { type DispatchFailure, toFailure } from './failure.js';
import type { PoisonDetector, Suspicion } from './poison-detector.js';
import type { WorkerWatch } from './pollers.js';
import { startOrSignal } from './start.js';

export interface AttemptDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly log: Logger;
  readonly metrics?: Pick<ReceiverMetrics, 'started' | 'notStarted'> | undefined;
  readonly tracing?: Pick<Tracing, 'within'> | undefined;
  /** Pauses between the tries of a dispatch that fails while others are taken, in milliseconds. */
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
}

/** Who learns from how it went. */
interface Noted {
  readonly pace: Pace;
  readonly suspects: PoisonDetector;
  readonly workers: WorkerWatch;
}

const DEADLINE_MS = 5_000;
const RETRY = { firstMs: 500, maxMs: 30_000 };
/** Shorter while Temporal is away: the gate keeps the attempts few, and it should be noticed soon when it is back. */
const AWAY_RETRY = { firstMs: 500, maxMs: 5_000 };

/** Hands one dispatch to Temporal. Answers what is to be noted of it; never rejects because Temporal does not take it. */
export async function attemptDispatch(
  deps: AttemptDeps & Noted,
  ticket: GateTicket,
  dispatch: Dispatch,
): Promise<Settlement> {
  let settlement: Settlement;
  const began = performance.now();
  try {
    const { runId } = await inItsTrace(deps, dispatch, () =>
      startOrSignal({ ...deps, deadlineMs: DEADLINE_MS }, dispatch),
    );
    ticket.answered(performance.now());
    deps.pace.answered(performance.now() - began);
    deps.suspects.taken(dispatch.id);
    settlement = { id: dispatch.id, outcome: 'done', ...(runId && { runId }) };
    if (dispatch.kind === 'start' && runId) deps.metrics?.started(Date.now() - dispatch.since);
  } catch (error) {
    const failure = toFailure(error);
    const suspicion = deps.suspects.failed(dispatch.id, failure, performance.now());
    if (failure.kind === 'refused') ticket.answered(performance.now());
    else if (failure.kind !== 'engine' || suspicion.blame !== 'temporal') ticket.unknown();
    else if (failure.code !== 'RESOURCE_EXHAUSTED' && (await deps.workers.answers()))
      ticket.heard(failure.error, performance.now());
    else ticket.failed(failure.error, performance.now());
    settlement = afterFailure(dispatch, failure, { ...suspicion, retry: deps.retry ?? RETRY });
    deps.metrics?.notStarted(failure.kind);
  }
  if (settlement.outcome === 'failed') {
    const { kind, workflowId: run, attempt } = dispatch;
    deps.suspects.forget(dispatch.id);
    deps.log.error({ run, kind, attempt, because: settlement.error }, 'Temporal does not take it: not tried again');
  }
  return settlement;
}

/** A start belongs to its delivery's trace, however long it has waited. */
function inItsTrace<T>({ tracing }: AttemptDeps, dispatch: Dispatch, work: () => Promise<T>): Promise<T> {
  if (!tracing || dispatch.kind !== 'start') return work();
  return tracing.within(dispatch.event.deliveryId, work);
}

function afterFailure(
  { id, attempt }: Dispatch,
  { kind, error }: DispatchFailure,
  { blame, tries, retry }: Suspicion & { readonly retry: typeof RETRY },
): Settlement {
  if (kind === 'refused' || kind === 'unsendable' || blame === 'poison') return { id, outcome: 'failed', error };
  const pauseMs = blame === 'temporal' ? backoffMs(attempt, AWAY_RETRY) : backoffMs(tries, retry);
  return { id, outcome: 'retry', dueAt: Date.now() + pauseMs, error };
}
