import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import { type InjectedSinks, type NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../activities/index.js';
import { createArtifactBook } from '../activities/job/artifacts/artifact-book.js';
import { createArtifactSweep } from '../activities/job/artifacts/sweep-artifacts.js';
import { createCacheBook } from '../activities/job/cache/cache-book.js';
import { createCacheSweep } from '../activities/job/cache/sweep-caches.js';
import { createReleases } from '../activities/job/releases.js';
import { createSnapshotSweep } from '../activities/job/snapshots/sweep.js';
import { JOB_ACTIVITIES, STEP_ACTIVITIES } from '../activities/job-activities.js';
import type { Ingest } from '../activities/reconcile/ingest.js';
import { createStatusBook } from '../activities/status/status-book.js';
import { createStatusSweep } from '../activities/status/sweep-statuses.js';
import { createQueueStatuses } from '../activities/status/tell-queued.js';
import type { Catalog } from '../catalog/load.js';
import { ModuleError } from '../compile/bundle.js';
import type { Config } from '../config/config.js';
import type { Logger } from '../log.js';
import { createProviders } from '../providers/apis.js';
import { hasApiCredentials } from '../providers/source.js';
import { jobsQueueOf, LOOKS, stepsQueueOf } from '../runs/names.js';
import type { RunSinks } from '../runs/sinks.js';
import { maskOf } from '../secrets/mask.js';
import { artifactStorage, cacheStorage } from '../storage/places.js';
import { installationOf } from '../store/installation.js';
import type { Store } from '../store/store.js';
import type { Tracing } from '../tracing/tracing.js';
import { bundleWorkflows } from './bundle.js';
import { type Careful, noteJobs } from './careful.js';
import { loadCustomActivities } from './custom-activities.js';
import { createFlowWorkers, type RunningFlows } from './flow-workers.js';
import { isRunOpen } from './is-run-open.js';
import { maskActivities } from './mask-activities.js';
import { runWorker } from './run-worker.js';
import { sweepAgain } from './sweep.js';

/** What workers are made with. The connection has to be open, and stays so after {@link RunningWorker.stop}. */
export interface WorkerDeps {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly config: Config;
  readonly store: Store;
  readonly log: Logger;
  readonly tracing?: Pick<Tracing, 'worker'> | undefined;
  /** Brings deliveries into the inbox that reconciling has found. */
  readonly ingest?: Ingest;
  /** Has it do one piece of work of authors after the other, until it is told to relax. */
  readonly careful?: Careful | undefined;
  /** Called with the workflow id of a run that ends now and has a place in a lane. */
  readonly runEnds?: (workflowId: string) => void;
}

/** The workers of one process. */
export interface RunningWorker {
  /**
   * Switches to new or edited automations. Runs that are under way go on with the new code; an activity that is under way
   * has as long to end as on {@link stop}.
   */
  reload(catalog: Catalog): Promise<void>;
  /**
   * Ends being careful: it works at many things at once then. Waits for the code of runs that was at work before; activities
   * that were go on as long as they take.
   */
  relax(): Promise<void>;
  /** Takes no more work, lets short activities finish, and gives jobs up for another worker. Waits for all of it. */
  stop(): Promise<void>;
  /** Rejects when a worker fails for good without having been stopped: the process should end. */
  readonly failed: Promise<never>;
}

/** After this an activity is cancelled; a job then ends its processes, and another worker starts it anew. */
const GRACE = '5 seconds';
/** After this the worker shuts down, whatever still runs. */
const FORCE = '30 seconds';
const KEPT_EVERY_MS = 10 * 60_000;

/**
 * Starts the workers for automations and their activities. Jobs have a worker and a task queue of their own: they take
 * minutes and a core each, and must not hold up workflows and notifications. Rejects with {@link ModuleError} or
 * {@link CatalogError} when the configuration's activities or the automations can't be used, and leaves no worker behind.
 */
export async function startWorker(deps: WorkerDeps, catalog: Catalog): Promise<RunningWorker> {
  const { config, log } = deps;
  countLooksFromZero(config.sources);
  const stepsQueue = stepsQueueOf(
    config.temporal.taskQueue,
    `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
  );
  const releases = createReleases(deps);
  const kit = createActivities({ ...deps, stepsQueue, releases });
  const custom = await loadCustomActivities(config);
  const taken = Object.keys(custom).find((name) => Object.hasOwn(kit, name));
  if (taken)
    throw new ModuleError([
      `${config.activities}: the activity "${taken}" has the name of one of Hookyard's own activities: rename it`,
    ]);
  const all = { ...kit, ...custom };
  const only = (are: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => are(name)));
  const jobs = only((name) => JOB_ACTIVITIES.includes(name));
  const steps = only((name) => STEP_ACTIVITIES.includes(name));
  const activities = only((name) => !(name in jobs) && !(name in steps));
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);

  const bundle = (of: Catalog) => bundleWorkflows(of, config.data, deps.tracing?.worker.workflowModules);
  const flows = createFlowWorkers({
    options: shared(deps),
    taskQueue: config.temporal.taskQueue,
    activities,
    isAuthors: (name) => Object.hasOwn(custom, name),
    careful: deps.careful,
    ...{ fail, log },
  });

  // Bundled before there is a worker, so that none is left behind when the bundler refuses.
  const first = await bundle(catalog);
  const options = shared(deps);
  const { interceptors } = options;
  const noting = deps.careful ? [noteJobs(deps.careful)] : [];
  const jobWorker = runWorker(
    await Worker.create({
      ...options,
      interceptors: { ...interceptors, activity: [...noting, ...interceptors.activity] },
      taskQueue: jobsQueueOf(config.temporal.taskQueue),
      activities: jobs,
      maxConcurrentActivityTaskExecutions: config.jobs.slots,
    }),
    { fail, log },
  );
  // Jobs that are held have their slots: what they are held for waits for none.
  const stepWorker = await Worker.create({
    ...options,
    taskQueue: stepsQueue,
    activities: steps,
    maxConcurrentActivityTaskExecutions: 10 + 4 * config.jobs.slots,
  }).then(
    (created) => runWorker(created, { fail, log }),
    async (error: unknown) => {
      await jobWorker.stop();
      throw error;
    },
  );
  // The steps of jobs go on for as long as these may.
  const stopJobs = () => jobWorker.stop().then(stepWorker.stop).then(releases.all);
  let running = await flows.start(first).catch(async (error: unknown) => {
    await stopJobs();
    throw error;
  });
  const sweeping = new AbortController();
  const { signal } = sweeping;
  const { namespace, store } = deps;
  const { inbox, lanes } = store;
  const telling = {
    providers: createProviders({ config, log, signal: () => signal }),
    book: createStatusBook(store.records),
    ...{ config, inbox, log },
  };
  let current = catalog;
  const automations = () => current.automations;
  const client = new Client({ connection: deps.connection, namespace });
  const kept = createSnapshotSweep({ config, records: store.records, isOpen: (run) => isRunOpen(client, run) });
  const of = { installation: installationOf(store.records), ending: signal };
  const caches = createCacheSweep({
    ...{ config, storage: cacheStorage(config, of), book: createCacheBook(store.records) },
  });
  const artifacts = createArtifactSweep({
    ...{ storage: artifactStorage(config, of), book: createArtifactBook(store.records) },
  });
  const ended = createStatusSweep({ ...telling, client });
  const waiting = createQueueStatuses({ ...telling, namespace, lanes, automations });
  const swept = Promise.all([
    sweepAgain({ pass: ended.pass, what: 'end the commit statuses of ended runs', signal, log }),
    sweepAgain({ pass: kept, what: 'remove workspaces of failed jobs', signal, log, everyMs: KEPT_EVERY_MS }),
    sweepAgain({ pass: artifacts, what: 'remove expired artifacts', signal, log, everyMs: KEPT_EVERY_MS }),
    sweepAgain({ pass: caches, what: 'remove cached files', signal, log, everyMs: KEPT_EVERY_MS }),
    sweepAgain({ pass: waiting.pass, what: 'tell in commit statuses how runs wait in lanes', signal, log }),
  ]);
  /** Old workers that may have work left. They use the connection too. */
  const draining = new Set<RunningFlows>();
  let stopping = false;
  let reloaded = Promise.resolve();
  /** Resolves to the old ones, which have to be stopped or retired. */
  const replace = async (next: Catalog): Promise<RunningFlows | undefined> => {
    const bundled = await bundle(next);
    if (stopping) return undefined;
    const old = running;
    running = await flows.start(bundled);
    current = next;
    draining.add(old);
    return old;
  };
  /** One change after the other. */
  const change = <T>(work: () => Promise<T>): Promise<T> => {
    const done = reloaded.then(work);
    reloaded = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  };
  return {
    failed,
    async reload(next) {
      const old = await change(() => replace(next));
      // Not awaited: it may wait for activities that are under way.
      void old?.stop().finally(() => draining.delete(old));
    },
    async relax() {
      const old = await change(() => {
        flows.relax();
        return replace(current);
      });
      await old?.retire();
    },
    async stop() {
      stopping = true;
      sweeping.abort();
      // A reload may just be starting a worker, which has to be stopped too.
      await Promise.all([
        swept,
        stopJobs(),
        reloaded.then(() => Promise.all([running, ...draining].map((flow) => flow.stop()))),
      ]);
    },
  };
}

function shared({ connection, namespace, config, tracing, runEnds }: WorkerDeps) {
  const traced = tracing?.worker.interceptors;
  // The last is the nearest to the activity: what traces it sees what the mask has left.
  const activity = [...(traced?.activity ?? []), maskActivities(maskOf(config))];
  return {
    connection,
    namespace,
    shutdownGraceTime: GRACE,
    shutdownForceTime: FORCE,
    // Cancellation reaches an activity with the response to a heartbeat, so heartbeats must not be held back for long.
    maxHeartbeatThrottleInterval: '1 second',
    interceptors: { ...traced, activity },
    sinks: { ...tracing?.worker.sinks, ...sinksOf(runEnds) },
  } as const;
}

/** Where nobody is told, what runs say of it goes nowhere: a sink that is missing would be an error. */
function sinksOf(runEnds: WorkerDeps['runEnds']): InjectedSinks<RunSinks> {
  return { hookyardRuns: { ends: { fn: ({ workflowId }) => runEnds?.(workflowId), callDuringReplay: false } } };
}

/** Has the counter of looks there before the first look: that there was none for hours can be told only then. */
function countLooksFromZero(sources: Config['sources']): void {
  const looks = Runtime.instance().metricMeter.createCounter(LOOKS);
  for (const [name, source] of Object.entries(sources))
    if (hasApiCredentials(source) && source.enabled && source.reconcile)
      looks.add(0, { source: name, outcome: 'passed' });
}
