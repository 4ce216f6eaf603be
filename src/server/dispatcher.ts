import type { Client } from '@temporalio/client';
import type { Logger } from '../log.js';
import type { Dispatch, Inbox, Settlement } from '../store/store.js';
import type { Tracing } from '../tracing.js';
import { backoffMs } from './dispatch/backoff.js';
import { createEngineGate, type EngineGate, type GateTicket } from './dispatch/engine-gate.js';
import { type DispatchFailure, toFailure } from './dispatch/failure.js';
import { createPace, type Pace } from './dispatch/pace.js';
import { perform } from './dispatch/perform.js';
import { createPulse, type Pulse } from './dispatch/pulse.js';
import { createSettler } from './dispatch/settler.js';
import { createSuspects, type Patience, type Suspects, type Suspicion } from './dispatch/suspects.js';
import { type WorkerWatch, watchWorkers } from './dispatch/worker-watch.js';
import type { ReceiverMetrics } from './metrics.js';

export interface DispatcherDeps {
  readonly inbox: Pick<Inbox, 'claim' | 'settle' | 'nextDue' | 'backlog'>;
  readonly client: Client;
  readonly taskQueue: string;
  readonly log: Logger;
  readonly metrics?: Pick<ReceiverMetrics, 'started' | 'notStarted'> | undefined;
  readonly tracing?: Pick<Tracing, 'within'> | undefined;
  /** How long {@link Dispatcher.stop} waits for what is under way, in milliseconds. */
  readonly stopMs?: number;
  /** Before a dispatch is given up that fails while others are taken; and pauses between its tries, in milliseconds. */
  readonly patience?: Partial<Patience>;
  readonly retry?: { readonly firstMs: number; readonly mostMs: number };
}

/** Hands what the inbox holds to Temporal, at least once; names make it exactly once. */
export interface Dispatcher {
  /** Begins. What an earlier process left behind is handed over first. */
  start(): void;
  /** There is something new. */
  wake(): void;
  /** Takes on nothing more, and waits for what is under way; what is not done by then becomes due for another. */
  stop(): Promise<void>;
}

/** Where no worker is in the way: Temporal takes no more a second, however many are under way. */
const MOST_AT_ONCE = 16;
/** While the store is slow to note what was handed over, nothing more is. */
const MOST_UNSETTLED = 64;
const LEASE_MS = 30_000;
const DEADLINE_MS = 5_000;
/** How often the inbox is asked without being woken: another receiver may have died with something leased. */
const POLL_MS = 1_000;
const SHORTEST_PAUSE_MS = 50;
/** The deadline and a bit: Temporal's client ends a call only after the pause between two of its own tries. */
const STOP_MS = 10_000;
const LAST_SETTLE_MS = 2_000;
const RETRY = { firstMs: 500, mostMs: 30_000 };
/** Shorter while Temporal is away: the gate keeps the attempts few, and it should be noticed soon when it is back. */
const AWAY_RETRY = { firstMs: 500, mostMs: 5_000 };

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { inbox, log } = deps;
  const pulse = createPulse();
  const gate = createEngineGate({
    away: (error, { answers }) => {
      const how = answers ? 'Temporal answers and takes nothing' : 'Temporal is away';
      log.error({ because: error }, `${how}: deliveries are stored and wait`);
    },
    back: (awayMs) => void tellBack(deps, awayMs),
  });
  const pace = createPace();
  const suspects = createSuspects(deps.patience);
  const workers = watchWorkers(deps);
  const atOnce = () => (workers.present() ? pace.limit() : MOST_AT_ONCE);
  const settle = createSettler(inbox);
  /** Claimed and not settled; of those, `starting` have no answer from Temporal yet. */
  const underWay = new Map<string, Promise<void>>();
  let starting = 0;
  /** Whether the inbox may hold more that is due: then whoever ends makes room for it. */
  let more = false;
  const free = () => Math.max(0, Math.min(atOnce() - starting, MOST_UNSETTLED - underWay.size));
  let stopping = false;
  let running: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;

  const begin = (dispatch: Dispatch) => {
    starting += 1;
    const work = handOver({ ...deps, pace, suspects, workers }, gate.enter(performance.now()), dispatch)
      .finally(() => {
        starting -= 1;
        if (more) pulse.beat();
      })
      .then(async (settlement) => {
        more ||= settlement.outcome === 'retry';
        await settle(settlement);
      })
      .catch((error: unknown) => log.warn({ err: error, run: dispatch.workflowId }, 'not settled: due again later'))
      .finally(() => {
        underWay.delete(dispatch.id);
        if (more) pulse.beat();
      });
    underWay.set(dispatch.id, work);
  };

  const run = async () => {
    let storeFailures = 0;
    while (!stopping) {
      const limit = gate.allows(free(), performance.now());
      try {
        const claimed = limit > 0 ? await inbox.claim({ limit, leaseMs: LEASE_MS }) : [];
        more = claimed.length === limit;
        claimed.forEach(begin);
        if (storeFailures > 0) log.info('the store is back');
        storeFailures = 0;
        if (claimed.length < limit || limit === 0) await pause(deps, { gate, pulse, full: limit === 0 });
      } catch (error) {
        storeFailures += 1;
        if (storeFailures === 1) log.error({ err: error }, 'the store is away: nothing can be started');
        await pulse.wait(backoffMs(storeFailures, AWAY_RETRY));
      }
    }
  };

  const stop = async () => {
    stopping = true;
    pulse.beat();
    // In this order: what a claim that is under way brings is begun still.
    const ended = async () => {
      await running;
      await Promise.all(underWay.values());
      await workers.settled();
    };
    await within(deps.stopMs ?? STOP_MS, ended());
    const left = [...underWay.keys()];
    const retries = left.map((id) => ({ id, outcome: 'retry', dueAt: Date.now(), error: 'stopped' }) as const);
    if (retries.length > 0) await within(LAST_SETTLE_MS, inbox.settle(retries));
  };

  return {
    start() {
      running ??= run();
    },
    wake: pulse.beat,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** One dispatch, from claimed to what is to be noted of it. */
async function handOver(
  deps: DispatcherDeps & { readonly pace: Pace; readonly suspects: Suspects; readonly workers: WorkerWatch },
  ticket: GateTicket,
  dispatch: Dispatch,
): Promise<Settlement> {
  let settlement: Settlement;
  const began = performance.now();
  try {
    const { runId } = await inItsTrace(deps, dispatch, () => perform({ ...deps, deadlineMs: DEADLINE_MS }, dispatch));
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
function inItsTrace<T>({ tracing }: DispatcherDeps, dispatch: Dispatch, work: () => Promise<T>): Promise<T> {
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

/** Sleeps until there may be something to do. */
async function pause(
  { inbox }: DispatcherDeps,
  { gate, pulse, full }: { gate: EngineGate; pulse: Pulse; full: boolean },
): Promise<void> {
  // The end of what is under way is a beat too.
  if (full) return pulse.wait(gate.waitMs(performance.now()) || POLL_MS);
  const dueAt = (await inbox.nextDue()) ?? Number.POSITIVE_INFINITY;
  await pulse.wait(Math.min(POLL_MS, Math.max(SHORTEST_PAUSE_MS, dueAt - Date.now())));
}

async function tellBack({ inbox, log }: DispatcherDeps, awayMs: number): Promise<void> {
  const waiting = await inbox.backlog().then(
    (backlog) => backlog.pending,
    () => undefined,
  );
  log.info({ waiting, awayMs }, 'Temporal is back: what waited is being started');
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
