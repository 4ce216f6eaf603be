import { backoffMs } from '../async/backoff.js';
import { createBatcher } from '../async/batch.js';
import { valueWithin } from '../async/deadline.js';
import { createWakeup, type Wakeup } from '../async/wakeup.js';
import type { Dispatch, Inbox, Settlement } from '../store/store.js';
import { type AttemptDeps, attemptDispatch } from './attempt.js';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.js';
import { createPace } from './concurrency-limit.js';
import { createPoisonDetector, type Patience } from './poison-detector.js';
import { watchWorkers } from './pollers.js';

export interface DispatcherDeps extends AttemptDeps {
  readonly inbox: Pick<Inbox, 'claim' | 'settle' | 'nextDue' | 'backlog'>;
  /** How long {@link Dispatcher.stop} waits for what is under way, in milliseconds. */
  readonly stopMs?: number;
  /** Before a dispatch is given up that fails while others are taken. */
  readonly patience?: Partial<Patience>;
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
const MAX_AT_ONCE = 16;
/** While the store is slow to note what was handed over, nothing more is. */
const MAX_UNSETTLED = 64;
const LEASE_MS = 30_000;
/** How often the inbox is asked without being woken: another receiver may have died with something leased. */
const POLL_MS = 1_000;
const SHORTEST_PAUSE_MS = 50;
/** The deadline and a bit: Temporal's client ends a call only after the pause between two of its own tries. */
const STOP_MS = 10_000;
const LAST_SETTLE_MS = 2_000;
const STORE_RETRY = { firstMs: 500, maxMs: 5_000 };

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { inbox, log } = deps;
  const pulse = createWakeup();
  const gate = createCircuitBreaker({
    away: (error, { answers }) => {
      const how = answers ? 'Temporal answers and takes nothing' : 'Temporal is away';
      log.error({ because: error }, `${how}: deliveries are stored and wait`);
    },
    back: (awayMs) => void tellBack(deps, awayMs),
  });
  const pace = createPace();
  const suspects = createPoisonDetector(deps.patience);
  const workers = watchWorkers(deps);
  const atOnce = () => (workers.present() ? pace.limit() : MAX_AT_ONCE);
  // One write at a time, with all that has ended meanwhile: while a backlog is handed over, each would be a transaction.
  const settle = createBatcher<Settlement, void>({
    run: async (settlements) => {
      await inbox.settle(settlements);
      return settlements.map(() => ({ status: 'fulfilled', value: undefined }));
    },
  });
  /** Claimed and not settled; of those, `starting` have no answer from Temporal yet. */
  const underWay = new Map<string, Promise<void>>();
  let starting = 0;
  /** Whether the inbox may hold more that is due: then whoever ends makes room for it. */
  let more = false;
  const free = () => Math.max(0, Math.min(atOnce() - starting, MAX_UNSETTLED - underWay.size));
  let stopping = false;
  let running: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;

  const begin = (dispatch: Dispatch) => {
    starting += 1;
    const work = attemptDispatch({ ...deps, pace, suspects, workers }, gate.enter(performance.now()), dispatch)
      .finally(() => {
        starting -= 1;
        if (more) pulse.notify();
      })
      .then(async (settlement) => {
        more ||= settlement.outcome === 'retry';
        await settle(settlement);
      })
      .catch((error: unknown) => log.warn({ err: error, run: dispatch.workflowId }, 'not settled: due again later'))
      .finally(() => {
        underWay.delete(dispatch.id);
        if (more) pulse.notify();
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
        await pulse.wait(backoffMs(storeFailures, STORE_RETRY));
      }
    }
  };

  const stop = async () => {
    stopping = true;
    pulse.notify();
    // In this order: what a claim that is under way brings is begun still.
    const ended = async () => {
      await running;
      await Promise.all(underWay.values());
      await workers.settled();
    };
    await valueWithin(deps.stopMs ?? STOP_MS, ended());
    const left = [...underWay.keys()];
    const retries = left.map((id) => ({ id, outcome: 'retry', dueAt: Date.now(), error: 'stopped' }) as const);
    if (retries.length > 0) await valueWithin(LAST_SETTLE_MS, inbox.settle(retries));
  };

  return {
    start() {
      running ??= run();
    },
    wake: pulse.notify,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Sleeps until there may be something to do. */
async function pause(
  { inbox }: DispatcherDeps,
  { gate, pulse, full }: { gate: CircuitBreaker; pulse: Wakeup; full: boolean },
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
