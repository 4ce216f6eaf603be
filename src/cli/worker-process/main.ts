import { Worker } from 'node:worker_threads';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { settleRunner } from '../../activities/job/runners/settle-runner.js';
import { loadCatalog, ownNames } from '../../catalog/load.js';
import type { Config } from '../../config/config.js';
import { built } from '../../paths.js';
import { createSharedBackend } from '../../store/shared-store.js';
import { storeOver } from '../../store/store-over.js';
import { outliveReaders } from '../broken-pipe.js';
import { type Boot, boot, runUntilStopped } from '../processes/boot.js';
import { configuredNames } from '../processes/configured-names.js';
import { startDispatching } from '../processes/dispatching.js';
import { connectEngine, joinEngine } from '../processes/engine.js';
import { startLaneKeeping } from '../processes/lane-keeping.js';
import { createMetricsParts } from '../processes/metrics.js';
import { openStore } from '../processes/store.js';
import { switchableClient } from '../processes/switchable-client.js';
import { startWorkerPart, type WorkerPart } from '../processes/worker.js';
import { endOnUncaught } from '../uncaught.js';
import { mayPass, messageForPeople } from '../user-error.js';
import { logSettledRunner } from './log-settled-runner.js';
import type { Beginning, FromWorker, RequestKind, ToWorker } from './messages.js';
import type { OrphanWatch } from './orphan-thread.js';

/*
 * The process that works, for `hookyard start` and `hookyard worker`. It is the child of one that starts it again when it
 * dies, and says when it stops. That of `hookyard start` dispatches too, and uses the store of its parent, the receiver.
 */

/** After this it ends, whatever still runs: nobody is left who would end it. */
const ORPHAN_MS = 20_000;
/** After this more, it is ended by its own thread. */
const HELD_MS = 5_000;

const tell = (message: FromWorker) => void process.send?.(message, () => undefined);
/** Resolves when the message is on its way. */
const sent = (message: FromWorker) =>
  new Promise<void>((resolve) => {
    if (!process.send?.(message, () => resolve())) resolve();
  });
const backend = createSharedBackend((call) => tell({ kind: 'store', call }));
/** What the process can be told and asked once it runs. */
let wake = () => {};
const answers: Record<RequestKind, () => Promise<string>> = {
  ping: async () => '',
  metrics: async () => '',
  reload: async () => {
    throw new Error('the worker process has not started yet');
  },
};
let booting: Promise<Boot> | undefined;
let asksToStop: (reason: string) => void = () => undefined;
const stopping = new AbortController();
const asked = new Promise<string>((resolve) => {
  asksToStop = (reason) => {
    stopping.abort();
    resolve(reason);
  };
});

outliveReaders();
endOnUncaught();
const watch: OrphanWatch = { parent: process.ppid, graceMs: ORPHAN_MS + HELD_MS };
new Worker(built('cli/worker-process/orphan-thread.js'), { workerData: watch }).unref();
// Ctrl-C on a terminal reaches this process too, and so does a service manager's signal: the receiver's process says when.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => {
  if (stopping.signal.aborted) process.exit(1);
  backend.lost();
  asksToStop('the process that started this one is gone');
  setTimeout(() => process.exit(1), ORPHAN_MS).unref();
});
process.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'prepare':
      return void booted().catch(() => undefined);
    case 'begin':
      return void run(message);
    case 'wake':
      return wake();
    case 'stored':
      return backend.answered(message.answer);
    case 'stop':
      return asksToStop('stop');
    case 'ping':
    case 'reload':
    case 'metrics':
      return answer(message);
    default:
      return message satisfies never;
  }
});

function answer({ kind, id }: { kind: RequestKind; id: number }): void {
  answers[kind]().then(
    (text) => tell({ kind: 'answer', id, text }),
    (error: Error) => tell({ kind: 'failed', id, message: error.message }),
  );
}

/** Reads the configuration, once. */
function booted(): Promise<Boot> {
  booting ??= boot({ asked }).then(async (own) => ({ ...own, config: await settleRunner(own.config) }));
  return booting;
}

async function run(beginning: Beginning): Promise<void> {
  try {
    const own = await booted();
    await runUntilStopped(own, () => start(own, beginning));
  } catch (error) {
    const message = messageForPeople(error);
    const stack = () => (error instanceof Error ? (error.stack ?? error.message) : String(error));
    await sent({
      kind: 'refused',
      message: message ?? stack(),
      expected: message !== undefined,
      mayPass: mayPass(error),
    });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}

async function start(own: Boot, beginning: Beginning): Promise<readonly Promise<never>[]> {
  const { log, lifecycle, tracing } = own;
  const uiUrl = beginning.uiUrl ?? own.config.temporal.uiUrl;
  const config: Config = { ...own.config, temporal: { ...own.config.temporal, uiUrl } };
  const { dispatches, deaths } = beginning;
  logSettledRunner(config.jobs.settled, log);
  // The receiver has told what is wrong with the automations.
  const catalog =
    beginning.catalog ?? (await loadCatalog(config.automations, dispatches ? undefined : configuredNames(config)));
  if (!dispatches) for (const warning of catalog.warnings) log.warn(warning);
  const engine = dispatches
    ? joinEngine({ ...own, config }, { address: beginning.temporal })
    : connectEngine({ ...own, config });
  const store = beginning.sharesStore ? storeOver(backend) : await openStore(own);
  if (beginning.sharesStore) lifecycle.onStop('the store', () => store.close());
  // Its part of a page that the receiver's process serves.
  const parts = createMetricsParts();
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'hookyard_worker_' });
  parts.add(() => registry.metrics());
  answers.metrics = parts.expose;
  const metrics = { url: undefined, temporalAddress: beginning.metricsAddress, add: parts.add };
  // Not awaited yet: it waits for Temporal. What is started after this call is stopped before the worker.
  let starter = engine.client;
  const client = switchableClient(() => starter);
  // Where it does not start runs itself, receivers do, which look for those that were let on.
  const { automations } = catalog;
  const keeper = startLaneKeeping({
    ...{ store, client, log, lifecycle, letOn: () => wake(), automations },
    isAlone: beginning.sharesStore && dispatches,
  });
  const { ends: runEnds } = keeper;
  const { signal: toldToStop } = stopping;
  const workerParts = { engine, config, store, catalog, log, lifecycle, toldToStop, deaths, metrics, tracing, runEnds };
  const working = startWorkerPart(workerParts);
  working.catch(() => undefined);
  if (dispatches) {
    wake = startDispatching({ config, store, client, log, lifecycle, metrics, tracing });
    const eagerly = async ({ relaxed, connection }: WorkerPart) => {
      await relaxed;
      starter = engine.eager(connection);
    };
    working.then(eagerly).catch(() => undefined);
  }
  const worker = await working;
  const { isCareful } = worker;
  answers.reload = async () => {
    const edited = await loadCatalog(config.automations);
    await worker.reload(edited);
    keeper.limit(edited.automations);
    return '';
  };
  tell({
    kind: 'runs',
    temporal: engine.address,
    automations: ownNames(catalog),
    isCareful,
    settled: config.jobs.settled,
  });
  if (isCareful) void worker.relaxed.then(() => tell({ kind: 'relaxed' }));
  return [worker.failed];
}
