import type { NativeConnection } from '@temporalio/worker';
import { startMirrorUpkeep } from '../../activities/git/mirror-upkeep.js';
import { sweepWorkspaces } from '../../activities/job/sweep.js';
import { backoffMs } from '../../async/backoff.js';
import { retry } from '../../async/retry.js';
import type { Catalog } from '../../catalog/load.js';
import type { Config } from '../../config/config.js';
import { createIngest } from '../../intake/ingest.js';
import { createOutdating } from '../../intake/outdate-approvals.js';
import type { Logger } from '../../log.js';
import { knownSources } from '../../providers/known-sources.js';
import type { Store } from '../../store/store.js';
import type { Tracing } from '../../tracing/tracing.js';
import { installRuntime } from '../../worker/runtime.js';
import { reconcileSchedules } from '../../worker/schedules.js';
import { type RunningWorker, startWorker } from '../../worker/worker.js';
import { createCharges } from './blame/charges.js';
import type { Death } from './blame/life.js';
import { createSetPieceAside } from './blame/set-piece-aside.js';
import { beginLife, type WorkerLife } from './blame/worker-life.js';
import type { Engine } from './engine.js';
import type { Lifecycle } from './lifecycle.js';
import { type MetricsPage, temporalMetrics } from './metrics.js';
import { createPutSchedules } from './put-schedules.js';
import { createSetAside } from './set-aside.js';

/** What {@link startWorkerPart} works with. */
export interface WorkerParts {
  readonly engine: Engine;
  readonly config: Config;
  readonly store: Store;
  readonly catalog: Catalog;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  /** Aborted at the moment at which the process is told to stop. */
  readonly toldToStop: AbortSignal;
  /** How the last processes died that worked here before, by their process ids. */
  readonly deaths: ReadonlyMap<number, Death>;
  readonly metrics: MetricsPage;
  readonly tracing?: Pick<Tracing, 'worker'> | undefined;
  /** Called with the workflow id of a run that ends now and has a place in a lane. */
  readonly runEnds: (workflowId: string) => void;
}

const PAUSE = { firstMs: 1_000, maxMs: 10_000 };
const RELAX_PAUSE = { firstMs: 10_000, maxMs: 600_000 };
/** It may fail as long as an automation can't be bundled. */
const MAX_RELAX_TRIES = 20;

/** A running worker, with its connection to Temporal. */
export interface WorkerPart extends RunningWorker {
  readonly connection: NativeConnection;
  /** Whether it begins by doing one thing after the other. */
  readonly isCareful: boolean;
  /** Resolves once runs may be started eagerly on it: a careful worker asks for its work itself. Never rejects. */
  readonly relaxed: Promise<void>;
}

/**
 * Starts a worker for automations and jobs; waits for Temporal as long as it is away. Its parts are registered with the
 * lifecycle at once, so whatever is started after this call is stopped before them.
 */
export async function startWorkerPart(parts: WorkerParts): Promise<WorkerPart> {
  const { engine, config, store, catalog, log, lifecycle, toldToStop, deaths, tracing } = parts;
  let connection: NativeConnection | undefined;
  let starting: Promise<RunningWorker> | undefined;
  let life: WorkerLife | undefined;
  let hasFailed = false;
  lifecycle.onStop("the worker's connection to Temporal", async () => connection?.close());
  // One that has failed died of its work, though its process ends in order.
  const noteStop = () => (hasFailed ? undefined : life?.stops());
  toldToStop.addEventListener('abort', noteStop, { once: true });
  lifecycle.onStop('the note of its work', async () => (hasFailed ? undefined : life?.end()));
  // A worker that is just being started is waited for: it would hold the connection.
  lifecycle.onStop('the worker', async () => (await starting?.catch(() => undefined))?.stop(), 45_000);
  const { temporalAddress } = parts.metrics;
  installRuntime(log, { metricsAddress: temporalAddress });
  if (temporalAddress) parts.metrics.add(temporalMetrics(temporalAddress));
  await sweepWorkspaces({ config, log });
  const mirrors = startMirrorUpkeep({ config, records: store.records, log });
  lifecycle.onStop('the upkeep of mirrors', () => mirrors.stop());
  connection = await connectPatiently(engine, log, lifecycle);
  let { automations } = catalog;
  const ingest = createIngest({
    config,
    sources: knownSources(config.sources),
    inbox: store.inbox,
    automations: () => automations,
    log,
    // The dispatcher of any server hands it over.
    outdate: createOutdating({ records: store.records, inbox: store.inbox, log, wake: () => undefined }),
  });
  const { client } = engine;
  const charges = createCharges(store.records);
  const setAside = createSetAside({ client, store, automations: () => automations, pages: config, log });
  life = await beginLife({
    ...{ data: config.data, charges, deaths, log },
    setAside: createSetPieceAside({ client, charges, setAside, log }),
  });
  if (toldToStop.aborted) noteStop();
  const { careful } = life;
  const { namespace } = engine;
  const { runEnds } = parts;
  const deps = { connection, namespace, config, store, log, tracing, ingest, careful, runEnds };
  starting = startWorker(deps, catalog);
  const worker = await starting;
  worker.failed.catch(() => {
    hasFailed = true;
  });
  const relaxed = careful ? relaxAfter(careful.forMs, { worker, life, lifecycle, log }) : Promise.resolve();
  const { taskQueue } = config.temporal;
  const putSchedules = createPutSchedules({
    put: () => reconcileSchedules({ client, taskQueue, log }, automations, config.sources),
    stopping: lifecycle.stopping,
    log,
  });
  await putSchedules();
  return {
    ...worker,
    connection,
    isCareful: careful !== undefined,
    relaxed,
    async reload(next) {
      await worker.reload(next);
      automations = next.automations;
      await putSchedules();
    },
  };
}

/** Has a careful worker work at many things again when nothing has died for so long. Resolves when it does. */
function relaxAfter(
  ms: number,
  { worker, life, lifecycle, log }: { worker: RunningWorker; life: WorkerLife; lifecycle: Lifecycle; log: Logger },
): Promise<void> {
  return new Promise((resolve) => {
    const relax = async () => {
      if (lifecycle.stopping()) return;
      life.relax();
      await retry(worker.relax, {
        again: (error, tries) => {
          if (lifecycle.stopping() || tries === MAX_RELAX_TRIES) return false;
          log.warn(
            { because: (error as Error).message },
            'the worker is careful still, and tries again to be so no more',
          );
          return true;
        },
        pauseMs: (tries) => backoffMs(tries, RELAX_PAUSE),
        ref: false,
      });
      log.info({ forMs: ms }, 'no worker process has died since: it works at many things at once again');
      resolve();
    };
    const timer = setTimeout(
      () => relax().catch((error: Error) => log.error({ because: error.message }, STILL_CAREFUL)),
      ms,
    );
    timer.unref();
  });
}

const STILL_CAREFUL = 'the worker still does one piece of work after the other, and is slow: restart it';

/** Waits for Temporal, so that nobody has to restart a worker that starts before it. Throws once the process is stopped. */
async function connectPatiently(engine: Engine, log: Logger, lifecycle: Lifecycle): Promise<NativeConnection> {
  const connect = async () => {
    if (!lifecycle.stopping()) {
      const connection = await engine.native();
      if (!lifecycle.stopping()) return connection;
      await connection.close();
    }
    throw new Error('stopped before Temporal was there');
  };
  return retry(connect, {
    again(error, tries) {
      if (lifecycle.stopping()) return false;
      const { address } = engine;
      if (tries === 1)
        log.warn({ address, because: (error as Error).message }, 'Temporal is unavailable: the worker waits for it');
      return true;
    },
    pauseMs: (tries) => backoffMs(tries, PAUSE),
  });
}
