import type { ChildProcess } from 'node:child_process';
import { whyNoSandbox } from '../../activities/job/runners/sandbox/requirements.js';
import { settledAs } from '../../activities/job/runners/settle-runner.js';
import { type Catalog, loadCatalog, ownNames } from '../../catalog/load.js';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { print } from '../format/paint.js';
import { readyLines } from '../format/ready-lines.js';
import { bootOwner, runUntilStopped } from '../processes/boot.js';
import { configuredNames } from '../processes/configured-names.js';
import { startEngine } from '../processes/engine.js';
import { startMetrics } from '../processes/metrics.js';
import { startReceiver } from '../processes/receiver.js';
import { openSharedStore } from '../processes/store.js';
import { stateOfModules, watchAutomations } from '../processes/watch-automations.js';
import type { ToWorker } from '../worker-process/messages.js';
import { startWorkerProcess, WORKER_STOP_MS } from '../worker-process/supervisor.js';

/** Runs everything until it is stopped. `ahead`: the process that works, which has begun to load. */
export async function startAll(ahead: ChildProcess | undefined): Promise<void> {
  const booted = await bootOwner('start');
  const { config, log, lifecycle, tracing, owned } = booted;
  prepare(ahead);
  await runUntilStopped(booted, async () => {
    const state = await stateOfModules(config.automations);
    // Beside each other: each of them waits for a process or a thread of its own.
    const [read, engine, { store, backend, checked }] = await Promise.all([
      readCatalog(config, log),
      startEngine(booted),
      openSharedStore(booted, { migrate: 'apply', check: true }),
    ]);
    let catalog = read;
    const here: Config = { ...config, temporal: { ...config.temporal, uiUrl: engine.uiUrl } };
    const metrics = await startMetrics({ ...booted, anyPort: true });
    // Not awaited yet: it waits for Temporal, and deliveries are stored and answered meanwhile.
    const worker = startWorkerProcess({
      beginning: {
        temporal: engine.isOwn ? engine.address : undefined,
        dispatches: true,
        uiUrl: engine.uiUrl,
        metricsAddress: metrics.temporalAddress,
      },
      ahead,
      catalog,
      backend,
      stopping: lifecycle.stopping,
      log,
    });
    lifecycle.onStop('the worker process', () => worker.stop(), WORKER_STOP_MS);
    metrics.add(worker.metrics);
    await checked;
    const url = await startReceiver({
      config: here,
      store,
      client: engine.client,
      automations: () => catalog.automations,
      wake: worker.wake,
      worker: worker.state,
      log,
      lifecycle,
      owned,
      metrics,
      tracing,
      anyPort: true,
    });
    if (!engine.isThere()) log.info({ url, temporal: engine.address }, 'the receiver listens');
    const { settled } = await worker.ready;
    const watcher = watchAutomations({
      folder: config.automations,
      state,
      configured: configuredNames(config),
      log,
      onChange: async (next) => {
        await worker.reload();
        catalog = next;
      },
    });
    lifecycle.onStop('watching automations', () => watcher.stop());
    const noSandbox = await whyNoSandbox();
    if (!lifecycle.stopping())
      for (const text of readyLines(settledAs(here, settled), {
        url,
        metrics: metrics.url,
        temporal: engine.address,
        namespace: engine.namespace,
        automations: ownNames(catalog),
        // What passes keeps no code from running in one.
        noSandbox: noSandbox?.isPassing ? undefined : noSandbox?.because,
      }))
        print(text);
    return [];
  });
}

async function readCatalog(config: Config, log: Logger): Promise<Catalog> {
  const catalog = await loadCatalog(config.automations, configuredNames(config));
  for (const warning of catalog.warnings) log.warn(warning);
  return catalog;
}

/** Has the process that works read the configuration, which this one has brought into order. */
function prepare(ahead: ChildProcess | undefined): void {
  const message: ToWorker = { kind: 'prepare' };
  if (ahead?.connected) ahead.send(message, () => undefined);
}
