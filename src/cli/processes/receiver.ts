import type { Client } from '@temporalio/client';
import { workspaceRoots } from '../../activities/job/workspace-root.js';
import type { Config } from '../../config/config.js';
import { readReachedAs } from '../../config/reached-as.js';
import type { Logger } from '../../log.js';
import { knownSources } from '../../providers/known-sources.js';
import { countWorkers } from '../../server/api/count-workers.js';
import { createStuckRounds } from '../../server/api/stuck/scan-for-stuck-runs.js';
import { createApp } from '../../server/app.js';
import { createDiskMetric } from '../../server/disk-metric.js';
import type { WorkerState } from '../../server/health.js';
import { createKeptMetric } from '../../server/kept-metric.js';
import { listen } from '../../server/listen.js';
import { createReceiverMetrics } from '../../server/metrics.js';
import { createStuckRunsMetric } from '../../server/stuck-runs-metric.js';
import { createWorkersMetric } from '../../server/workers-metric.js';
import type { Store } from '../../store/store.js';
import type { Tracing } from '../../tracing/tracing.js';
import type { Automation } from '../../triggers/automation.js';
import type { OwnedData } from './data-folder-owner.js';
import type { Lifecycle } from './lifecycle.js';
import { lookAtStart } from './look-at-start.js';
import type { MetricsPage } from './metrics.js';
import { freePort, listenError } from './ports.js';
import { startRetention } from './retention.js';
import { createSetAside } from './set-aside.js';
import { startStuckWatch } from './stuck-watch.js';

/** What {@link startReceiver} works with. */
export interface ReceiverDeps {
  readonly config: Config;
  readonly store: Store;
  readonly client: Client;
  readonly automations: () => readonly Automation[];
  /** Called when the inbox holds something new for a dispatcher. */
  readonly wake: () => void;
  /** Tells whether the worker runs, where this process has started one. */
  readonly worker?: (() => WorkerState) | undefined;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  readonly owned: OwnedData;
  readonly metrics: MetricsPage;
  readonly tracing?: Tracing | undefined;
  /** Takes the next free port when the wanted one is busy. */
  readonly anyPort: boolean;
}

/** Starts what receives, stores and answers deliveries. Returns the address that it listens on. */
export async function startReceiver(deps: ReceiverDeps): Promise<string> {
  const { config, store, client, log, lifecycle, tracing, wake, worker } = deps;
  const retention = startRetention({ store, config, log });
  lifecycle.onStop('retention', () => retention.stop());
  const metrics = createReceiverMetrics({ inbox: store.inbox, sources: Object.keys(config.sources) });
  deps.metrics.add(metrics.expose);
  deps.metrics.add(createDiskMetric({ data: config.data, workspaces: worker && workspaceRoots(config) }));
  deps.metrics.add(createKeptMetric(deps.store.records));
  const { automations } = deps;
  const { taskQueue, uiUrl } = config.temporal;
  const rounds = createStuckRounds({ client, uiUrl, taskQueue });
  const runs = { client, uiUrl, taskQueue, rounds };
  deps.metrics.add(createStuckRunsMetric(runs));
  deps.metrics.add(createWorkersMetric(() => countWorkers(runs)));
  const setAside = createSetAside({ client, store, automations, pages: config, log });
  const watch = startStuckWatch({ ...runs, setAside, log });
  lifecycle.onStop('the look for stuck runs', () => watch.stop());
  const stopping = new AbortController();
  const app = createApp({
    config,
    sources: knownSources(config.sources),
    store,
    client,
    automations,
    log,
    metrics,
    tracing,
    wake,
    worker,
    rounds,
    stopping: stopping.signal,
    reachedAs: () => readReachedAs(config.data),
  });
  const { host, port } = config.server;
  const onDropped = (count: number) =>
    log.warn({ count }, 'too many connections: some were closed, of who holds most of them if somebody does');
  const wanted = deps.anyPort ? await freePort(port, host) : port;
  const listening = await listen(app, { host, port: wanted, onDropped }).catch((error: NodeJS.ErrnoException) => {
    throw listenError(error, { host, port, use: 'webhooks', variable: 'HOOKYARD_PORT' });
  });
  lifecycle.onStop('the receiver', () => {
    stopping.abort();
    return listening.close();
  });
  await deps.owned.announce({ url: listening.url, uiUrl: config.temporal.uiUrl });
  void lookAtStart({ client, config, log, lifecycle });
  return listening.url;
}
