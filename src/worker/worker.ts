import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Runtime } from '@temporalio/worker';
import { createActivities } from '../activities/index.js';
import { createReleases } from '../activities/job/releases.js';
import { JOB_ACTIVITIES, STEP_ACTIVITIES } from '../activities/job-activities.js';
import type { Catalog } from '../catalog/load.js';
import { ModuleError } from '../compile/bundle.js';
import type { Config } from '../config/config.js';
import { RUN_OUTCOMES } from '../events/run-outcome.js';
import { hasApiCredentials } from '../providers/source.js';
import { LOOKS, RUNS, stepsQueueOf } from '../runs/names.js';
import { bundleWorkflows } from './bundle.js';
import { loadCustomActivities } from './custom-activities.js';
import { createFlowWorkers, type RunningFlows } from './flow-workers.js';
import { startJobWorkers } from './job-workers.js';
import { sweepForRuns } from './sweeps.js';
import { sharedOptions, type WorkerDeps } from './worker-deps.js';

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

/**
 * Starts the workers for automations and their activities. Jobs have a worker and a task queue of their own: they take
 * minutes and a core each, and must not hold up workflows and notifications. Rejects with {@link ModuleError} or
 * {@link CatalogError} when the configuration's activities or the automations can't be used, and leaves no worker behind.
 */
export async function startWorker(deps: WorkerDeps, catalog: Catalog): Promise<RunningWorker> {
  const { config, log } = deps;
  countLooksFromZero(config.sources);
  countRunsFromZero(deps, catalog);
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
  const isJobs = (name: string) => JOB_ACTIVITIES.includes(name);
  const isSteps = (name: string) => STEP_ACTIVITIES.includes(name);
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);

  const bundle = (of: Catalog) => bundleWorkflows(of, config.data, deps.tracing?.worker.workflowModules);
  const flows = createFlowWorkers({
    options: sharedOptions(deps),
    taskQueue: config.temporal.taskQueue,
    activities: only((name) => !isJobs(name) && !isSteps(name)),
    isAuthors: (name) => Object.hasOwn(custom, name),
    careful: deps.careful,
    ...{ fail, log },
  });

  // Bundled before there is a worker, so that none is left behind when the bundler refuses.
  const first = await bundle(catalog);
  const jobs = await startJobWorkers(deps, { activities: only(isJobs), steps: only(isSteps), stepsQueue, fail });
  const stopJobs = () => jobs.stop().then(releases.all);
  let running = await flows.start(first).catch(async (error: unknown) => {
    await stopJobs();
    throw error;
  });
  let current = catalog;
  const sweeping = new AbortController();
  const { signal } = sweeping;
  const swept = sweepForRuns(deps, { automations: () => current.automations, signal });
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
    countRunsFromZero(deps, next);
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

/** Has the counter of looks there before the first look: that there was none for hours can be told only then. */
function countLooksFromZero(sources: Config['sources']): void {
  const looks = Runtime.instance().metricMeter.createCounter(LOOKS);
  for (const [name, source] of Object.entries(sources))
    if (hasApiCredentials(source) && source.enabled && source.reconcile)
      looks.add(0, { source: name, outcome: 'passed' });
}

/**
 * Has the counters of runs there before the first run ends: a series that begins with its first error never rises by one. With all
 * labels that the SDK gives what a workflow counts: with others it would be another series.
 */
function countRunsFromZero({ namespace, config }: WorkerDeps, { automations }: Catalog): void {
  const runs = Runtime.instance().metricMeter.createCounter(RUNS);
  const { taskQueue } = config.temporal;
  for (const { name: automation } of automations)
    for (const outcome of RUN_OUTCOMES)
      runs.add(0, { namespace, taskQueue, workflowType: automation, automation, outcome });
}
