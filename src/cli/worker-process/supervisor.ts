import { type Backoff, backoffMs } from '../../async/backoff.js';
import { valueWithin } from '../../async/deadline.js';
import type { Catalog } from '../../catalog/load.js';
import type { WorkerState } from '../../server/health.js';
import type { Death } from '../processes/blame/life.js';
import { UserError } from '../user-error.js';
import { type Child, type ChildDeps, type ChildEnd, startChild } from './child-process.js';
import type { Running } from './messages.js';

/** What {@link startWorkerProcess} works with. */
export interface WorkerProcessDeps extends Omit<ChildDeps, 'beginning' | 'onRuns' | 'onRelaxed' | 'onEnd'> {
  readonly beginning: Omit<ChildDeps['beginning'], 'deaths' | 'catalog'>;
  /** The automations, where they have just been read: the first process need not read them. */
  readonly catalog?: Catalog | undefined;
  /** Whether the process that starts it is being stopped: then one that ends is not started again. */
  readonly stopping: () => boolean;
}

/** A process that works, and may dispatch too: started again, with growing pauses, whenever it ends. */
export interface WorkerProcess {
  /**
   * Resolves when it runs for the first time, to what it tells. Rejects when the first one says at once what people have to
   * correct, as with automations that don't load; one that does not dispatch, whatever it can't be started for.
   */
  readonly ready: Promise<Running>;
  state(): WorkerState;
  /** Makes the dispatcher look into the inbox at once. */
  wake(): void;
  /**
   * Resolves when the automations have been loaded anew, or will be as soon as it runs. Rejects when they can't be: the
   * earlier ones stay.
   */
  reload(): Promise<void>;
  /** Resolves to its part of the metrics page. */
  metrics(): Promise<string>;
  /** Ends it in order, or by force after a while. */
  stop(): Promise<void>;
}

const RESTART: Backoff = { firstMs: 1_000, maxMs: 60_000 };
/** One that ran for so long did not fail because of how it was started. */
const SETTLED_MS = 60_000;
/** More than can have left a note that nobody has read yet, where starting fails again and again. */
const KNOWN_DEATHS = 20;
const METRICS_MS = 5_000;
/** For building the workflow bundle and creating a worker. */
const RELOAD_MS = 120_000;
/** Longer than the worker gives itself. */
const STOP_MS = 50_000;
const KILL_MS = 5_000;
/** Within this it has ended, in order or by force, in milliseconds. */
export const WORKER_STOP_MS = STOP_MS + KILL_MS + 5_000;

/** Starts the process, and keeps it running until it is stopped. */
export function startWorkerProcess({ stopping: allStops, ...deps }: WorkerProcessDeps): WorkerProcess {
  const { beginning, log } = deps;
  let { catalog } = deps;
  let child: Child | undefined;
  let state: WorkerState = { kind: 'starting', since: Date.now() };
  let failures = 0;
  const deaths = new Map<number, Death>();
  let again: NodeJS.Timeout | undefined;
  let stopping = false;
  let reloadsWhenItRuns = false;
  let wasReady = false;
  let becomeReady: (running: Running) => void = () => undefined;
  let giveUp: (error: Error) => void = () => undefined;
  let exited: () => void = () => undefined;
  const ready = new Promise<Running>((resolve, reject) => {
    becomeReady = resolve;
    giveUp = reject;
  });
  ready.catch(() => undefined);

  function start(): void {
    again = undefined;
    reloadsWhenItRuns = false;
    try {
      child = startChild({ ...deps, beginning: { ...beginning, catalog, deaths }, onRuns, onRelaxed, onEnd });
    } catch (error) {
      // Node throws where the system has no memory for it, and reports all else as an event.
      onEnd({ because: (error as Error).message, livedMs: 0 });
    }
    // They may be edited while nobody works: the next one reads them.
    catalog = undefined;
  }

  function onRuns(running: Running): void {
    if (wasReady)
      log.info({ awayMs: Date.now() - state.since }, 'the worker process runs again: what waited is started');
    state = { kind: 'runs', since: Date.now(), isCareful: running.isCareful };
    wasReady = true;
    if (reloadsWhenItRuns)
      child?.ask('reload', RELOAD_MS).catch((error: Error) => log.error({ because: error.message }, NOT_RELOADED));
    becomeReady(running);
  }

  function onRelaxed(): void {
    state = { ...state, isCareful: false };
  }

  function onEnd({ because, refused, death, livedMs }: ChildEnd): void {
    child = undefined;
    if (death) remember(death);
    exited();
    if (stopping || allStops()) return;
    // All else may come right without anybody, as a namespace that is not there yet; what receives must not end for it.
    const isForPeople = refused?.expected && !refused.mayPass && failures === 0 && livedMs < SETTLED_MS;
    // One that only works is of no use until it does: whoever runs it sees an end, and starts it again.
    if (refused && !wasReady && (isForPeople || !beginning.dispatches)) {
      stopping = true;
      giveUp(refused.expected ? new UserError(refused.message) : withStack(refused.message));
      return;
    }
    failures = livedMs >= SETTLED_MS ? 1 : failures + 1;
    const pauseMs = backoffMs(failures, RESTART);
    if (state.kind !== 'away') state = { kind: 'away', since: Date.now() };
    log.error(
      { because, failures, pauseMs },
      deps.beginning.dispatches
        ? 'the worker process ended and is started again; deliveries are stored meanwhile'
        : 'the worker process ended and is started again',
    );
    again = setTimeout(start, pauseMs);
  }

  function remember({ pid, how }: NonNullable<ChildEnd['death']>): void {
    // Process ids come again: the last counts, and is the youngest.
    deaths.delete(pid);
    deaths.set(pid, how);
    const [oldest] = deaths.keys();
    if (deaths.size > KNOWN_DEATHS && oldest !== undefined) deaths.delete(oldest);
  }

  start();
  return {
    ready,
    state: () => state,
    wake: () => child?.wake(),
    async reload() {
      const asked = child;
      if (asked?.runs())
        await asked.ask('reload', RELOAD_MS).catch((error: Error) => {
          // One that has ended meanwhile is started again, and the next loads them.
          if (child === asked) throw error;
        });
      // One that is being started may have loaded them before the edit; one that could not be started may now.
      else if (child) reloadsWhenItRuns = true;
      else if (again) {
        clearTimeout(again);
        start();
      }
    },
    metrics: () => child?.ask('metrics', METRICS_MS) ?? Promise.reject(new Error('the worker process does not run')),
    async stop() {
      stopping = true;
      clearTimeout(again);
      if (!child) return;
      const { pid, stop, kill } = child;
      const end = new Promise<true>((resolve) => {
        exited = () => resolve(true);
      });
      stop();
      if (await valueWithin(STOP_MS, end)) return;
      log.error({ pid }, 'the worker process did not stop in time: it is ended');
      kill();
      await valueWithin(KILL_MS, end);
    },
  };
}

const NOT_RELOADED = 'automations not reloaded: the earlier ones stay until the module is corrected';

/** Returns an error that shows the stack of another, which the worker process had. */
function withStack(stack: string): Error {
  return Object.assign(new Error('the worker process could not be started'), { stack });
}
