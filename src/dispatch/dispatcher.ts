import { type Backoff, backoffMs } from '../async/backoff.js';
import { createBatcher } from '../async/batch.js';
import { valueWithin } from '../async/deadline.js';
import { createWakeup, type Wakeup } from '../async/wakeup.js';
import type { Dispatch, Inbox, Settlement } from '../store/store.js';
import { type AttemptDeps, attemptDispatch } from './attempt.js';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.js';
import { createConcurrencyLimit } from './concurrency-limit.js';
import { createPoisonDetector, type PoisonThreshold } from './poison-detector.js';
import { watchPollers } from './pollers.js';

/*
 *   inbox ── claim ──▶ dispatcher ── permit ──▶ attempt ── start or signal ──▶ Temporal
 *     ▲                                            │
 *     └──────────── settle: done, retry, failed ◀──┘ outcome.ts: what an outcome does to all of these
 *
 * Four vote on whether one more dispatch begins; the smallest number wins:
 *   circuit-breaker     Does Temporal answer? If not, one probe at a time; if it accepts nothing, 16 a second.
 *   concurrency-limit   How quickly does it accept? 1 to 32 under way at once.
 *   pollers             Are there workers that many starts could slow down? If not, 16 at once instead of that limit.
 *   MAX_UNSETTLED       Does the store keep up with storing outcomes?
 * The poison detector votes on whether a dispatch that failed is tried again: it tells a dispatch that always fails from a
 * Temporal that fails everybody. Its verdict also decides whether the breaker learns of the failure.
 */

/** What a dispatcher needs. */
export interface DispatcherDeps extends AttemptDeps {
  readonly inbox: Pick<Inbox, 'claim' | 'endLeases' | 'settle' | 'nextDue' | 'backlog'>;
  /** Whether no other dispatcher uses the inbox: then what is leased at its start is a dead one's, and due at once. */
  readonly isAlone?: boolean;
  /** Whether other processes let runs on in lanes, of which nobody tells this one. */
  readonly letOnElsewhere?: boolean;
  /** How long {@link Dispatcher.stop} waits for what is under way, in milliseconds. */
  readonly stopMs?: number;
  /** When a dispatch that fails while others are accepted is given up. */
  readonly poison?: Partial<PoisonThreshold>;
}

/** Hands what the inbox holds to Temporal, at least once; workflow ids and signal ids make it exactly once. */
export interface Dispatcher {
  /** Begins with what an earlier process left behind. */
  start(): void;
  /** Looks into the inbox at once, because it holds something new. */
  wake(): void;
  /** Begins nothing more, and waits for what is under way; what is not done by then becomes due for another process. */
  stop(): Promise<void>;
}

/** The limit while no worker polls: more at once would not make Temporal accept more a second. */
const MAX_AT_ONCE = 16;
/** While the store is slow to settle, nothing more begins. */
const MAX_UNSETTLED = 64;
const LEASE_MS = 30_000;
/** How often the inbox is asked without a wakeup: another receiver may have died with something leased. */
const POLL_MS = 1_000;
/** How often, and for how long after there was something, where the end of a run elsewhere lets the next of its lane on. */
const SOON: { readonly everyMs: number; readonly forMs: number } = { everyMs: 100, forMs: 3_000 };
const MIN_PAUSE_MS = 50;
/** An attempt's deadline and a bit: Temporal's client ends a call only after the pause between two of its own tries. */
const STOP_MS = 10_000;
const LAST_SETTLE_MS = 2_000;
const STORE_RETRY: Backoff = { firstMs: 500, maxMs: 5_000 };

/** Returns a dispatcher that has not begun. */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { inbox, log } = deps;
  const wakeup = createWakeup();
  const breaker = createCircuitBreaker({
    unavailable: (error, { answers }) => {
      const what = answers ? 'Temporal answers but accepts no workflow starts' : 'Temporal is unavailable';
      log.error({ because: error }, `${what}: deliveries are stored and wait`);
    },
    available: (awayMs) => void logAvailable(deps, awayMs),
  });
  const limit = createConcurrencyLimit();
  const detector = createPoisonDetector(deps.poison);
  const pollers = watchPollers(deps);
  const maxAtOnce = () => (pollers.present() ? limit.limit() : MAX_AT_ONCE);
  // A transaction holds all that has ended while the one before was written: with a backlog, each would be one otherwise.
  const settle = createBatcher<Settlement, void>({
    run: async (settlements) => {
      await inbox.settle(settlements);
      return settlements.map(() => ({ status: 'fulfilled', value: undefined }));
    },
  });
  /** Claimed and not settled. Of those, `starting` have no answer from Temporal yet. */
  const underWay = new Map<string, Promise<void>>();
  let starting = 0;
  /** Whether the inbox may hold more that is due: then each that ends makes room for it. */
  let more = false;
  const free = () => Math.max(0, Math.min(maxAtOnce() - starting, MAX_UNSETTLED - underWay.size));
  let stopping = false;
  let running: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;

  const begin = (dispatch: Dispatch) => {
    starting += 1;
    const permit = breaker.acquire(performance.now());
    const work = attemptDispatch({ ...deps, limit, detector, pollers }, permit, dispatch)
      .finally(() => {
        starting -= 1;
        if (more) wakeup.notify();
      })
      .then(async (settlement) => {
        more ||= settlement.outcome === 'retry';
        await settle(settlement);
      })
      .catch((error: unknown) =>
        log.warn(
          { err: error, run: dispatch.workflowId },
          'the outcome of a dispatch was not stored: tried again later',
        ),
      )
      .finally(() => {
        underWay.delete(dispatch.id);
        if (more) wakeup.notify();
      });
    underWay.set(dispatch.id, work);
  };

  const run = async () => {
    let storeFailures = 0;
    let hasInherited = !deps.isAlone;
    let foundAt = Number.NEGATIVE_INFINITY;
    while (!stopping) {
      const room = breaker.permits(free(), performance.now());
      try {
        if (!hasInherited) await inbox.endLeases();
        hasInherited = true;
        const claimed = room > 0 ? await inbox.claim({ limit: room, leaseMs: LEASE_MS }) : [];
        more = claimed.length === room;
        claimed.forEach(begin);
        if (claimed.length > 0) foundAt = performance.now();
        const isSoon = deps.letOnElsewhere === true && performance.now() - foundAt < SOON.forMs;
        if (storeFailures > 0) log.info('the store is available again: workflows are started');
        storeFailures = 0;
        if (claimed.length < room || room === 0)
          await pause(deps, { breaker, wakeup, isFull: room === 0, pollMs: isSoon ? SOON.everyMs : POLL_MS });
      } catch (error) {
        storeFailures += 1;
        if (storeFailures === 1) log.error({ err: error }, 'the store is unavailable: no workflow can be started');
        await wakeup.wait(backoffMs(storeFailures, STORE_RETRY));
      }
    }
  };

  const stop = async () => {
    stopping = true;
    wakeup.notify();
    // In this order: what a claim that is under way brings is begun still.
    const ended = async () => {
      await running;
      await Promise.all(underWay.values());
      await pollers.idle();
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
    wake: wakeup.notify,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Sleeps until there may be something to do. Each dispatch that ends is a wakeup too. */
async function pause(
  { inbox }: DispatcherDeps,
  { breaker, wakeup, isFull, pollMs }: { breaker: CircuitBreaker; wakeup: Wakeup; isFull: boolean; pollMs: number },
): Promise<void> {
  if (isFull) return wakeup.wait(breaker.waitMs(performance.now()) || POLL_MS);
  const dueAt = (await inbox.nextDue()) ?? Number.POSITIVE_INFINITY;
  await wakeup.wait(Math.min(pollMs, Math.max(MIN_PAUSE_MS, dueAt - Date.now())));
}

async function logAvailable({ inbox, log }: DispatcherDeps, awayMs: number): Promise<void> {
  const waiting = await inbox.backlog().then(
    (backlog) => backlog.pending,
    () => undefined,
  );
  log.info({ waiting, awayMs }, 'Temporal is available again: what waited is started');
}
