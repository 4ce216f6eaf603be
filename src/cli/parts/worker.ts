import { setTimeout as wait } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';
import { sweepWorkspaces } from '../../activities/job/sweep.js';
import type { Catalog } from '../../catalog/load.js';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { createTakeIn } from '../../server/take-in.js';
import type { Store } from '../../store/store.js';
import type { Tracing } from '../../tracing.js';
import { installRuntime } from '../../worker/runtime.js';
import { reconcileSchedules } from '../../worker/schedules.js';
import { type RunningWorker, startWorker } from '../../worker/worker.js';
import type { Lifecycle } from '../lifecycle.js';
import type { Engine } from './engine.js';
import { type MetricsPage, temporalMetrics } from './metrics.js';

export interface WorkerParts {
  readonly engine: Engine;
  readonly config: Config;
  readonly store: Store;
  readonly catalog: Catalog;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  readonly metrics: MetricsPage;
  readonly tracing?: Pick<Tracing, 'worker'> | undefined;
}

const MOST_WAIT_MS = 10_000;

export interface WorkerPart extends RunningWorker {
  readonly connection: NativeConnection;
}

/** Runs automations and jobs, once Temporal is there. */
export async function startWorkerPart(parts: WorkerParts): Promise<WorkerPart> {
  const { engine, config, store, catalog, log, lifecycle, tracing } = parts;
  const { temporalAddress } = parts.metrics;
  installRuntime(log, { metricsAddress: temporalAddress });
  if (temporalAddress) parts.metrics.add(temporalMetrics(temporalAddress));
  await sweepWorkspaces({ config, log });
  const connection = await connectPatiently(engine, log, lifecycle);
  let { automations } = catalog;
  const takeIn = createTakeIn({ config, inbox: store.inbox, automations: () => automations, log });
  const deps = { connection, namespace: engine.namespace, config, store, log, tracing, takeIn };
  const worker = await startWorker(deps, catalog);
  lifecycle.onStop('the worker', () => worker.stop(), 45_000);
  const { client } = engine;
  const { taskQueue } = config.temporal;
  const reconcile = () =>
    reconcileSchedules({ client, taskQueue, log }, automations, config.sources).catch((error: Error) =>
      log.error({ because: error.message }, 'the schedules may not be as automations and sources say'),
    );
  await reconcile();
  return {
    ...worker,
    connection,
    async reload(next) {
      await worker.reload(next);
      automations = next.automations;
      await reconcile();
    },
  };
}

/** A worker that starts before Temporal does waits for it; an orchestrator's restarts would only add noise. */
async function connectPatiently(engine: Engine, log: Logger, lifecycle: Lifecycle): Promise<NativeConnection> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await engine.native();
    } catch (error) {
      if (lifecycle.stopping()) throw error;
      if (attempt === 1)
        log.warn(
          { address: engine.address, because: (error as Error).message },
          'Temporal is away: the worker waits for it',
        );
      await wait(Math.min(500 * 2 ** attempt, MOST_WAIT_MS));
    }
  }
}
