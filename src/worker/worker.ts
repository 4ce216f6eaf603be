import { type NativeConnection, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { createActivities, JOB_ACTIVITIES } from '../activities/index.js';
import type { Ingest } from '../activities/reconcile/ingest.js';
import type { Catalog } from '../catalog/load.js';
import { ModuleError } from '../compile/bundle.js';
import type { Config } from '../config/config.js';
import type { Logger } from '../log.js';
import { jobsQueueOf } from '../runs/names.js';
import type { Store } from '../store/store.js';
import type { Tracing } from '../tracing/tracing.js';
import { bundleWorkflows } from './bundle.js';
import { ownActivities } from './own-activities.js';

export interface WorkerDeps {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly config: Config;
  readonly store: Store;
  readonly log: Logger;
  readonly tracing?: Pick<Tracing, 'worker'> | undefined;
  /** How deliveries that no request brought get into the inbox. */
  readonly ingest?: Ingest;
}

export interface RunningWorker {
  /**
   * Takes over new or edited automations. Runs that are under way go on with the new code; an activity that is under way
   * has as long as {@link stop} gives it.
   */
  reload(catalog: Catalog): Promise<void>;
  /** Takes no more work, lets what is short finish, and hands jobs back for another worker. Waits for all of it. */
  stop(): Promise<void>;
  /** Rejects when a worker fails for good that nobody told to stop: the process should end. */
  readonly failed: Promise<never>;
}

/** After that an activity is told to stop; a job then ends its processes and is started anew by the next worker. */
const GRACE = '5 seconds';
/** After that the worker ends whatever still runs. */
const FORCE = '30 seconds';

/**
 * Runs automations and their activities. Two task queues: jobs take minutes and a core each, so they have slots of
 * their own and never hold up a workflow or a notification. Rejects with no worker left on the connection.
 */
export async function startWorker(deps: WorkerDeps, catalog: Catalog): Promise<RunningWorker> {
  const { config, log } = deps;
  const kit = createActivities(deps);
  const own = await ownActivities(config);
  const taken = Object.keys(own).find((name) => Object.hasOwn(kit, name));
  if (taken)
    throw new ModuleError([
      `${config.activities}: the activity "${taken}" has the name of one of Hookyard's own: give it another`,
    ]);
  const all = { ...kit, ...own };
  const isJob = ([name]: [string, unknown]) => JOB_ACTIVITIES.includes(name);
  const activities = Object.fromEntries(Object.entries(all).filter((entry) => !isJob(entry)));
  const jobs = Object.fromEntries(Object.entries(all).filter(isJob));
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);

  const run = (worker: Worker) => {
    let isTold = false;
    const done = worker.run().catch((error: unknown) => {
      // What it was cut off in goes on in another worker: no reason to end this process.
      if (isTold) log.warn({ err: error }, 'a worker did not stop cleanly');
      else fail(error);
    });
    return async () => {
      isTold = true;
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await done;
    };
  };
  let generation = 0;
  const bundle = (of: Catalog) => bundleWorkflows(of, config.data, deps.tracing?.worker.workflowModules);
  const startFlows = async (workflowBundle: WorkflowBundleWithSourceMap) =>
    run(
      await Worker.create({
        ...shared(deps),
        // While an old worker drains, the new one polls the same queue: only another build of it may.
        workerDeploymentOptions: {
          version: { deploymentName: 'hookyard', buildId: `${process.pid}.${++generation}` },
          useWorkerVersioning: false,
        },
        taskQueue: config.temporal.taskQueue,
        workflowBundle,
        activities,
        maxCachedWorkflows: 400,
        maxConcurrentWorkflowTaskExecutions: 40,
        // Each poll holds a slot, and a run that is started eagerly needs a free one.
        workflowTaskPollerBehavior: { type: 'autoscaling', maximum: 20 },
        activityTaskPollerBehavior: { type: 'autoscaling', maximum: 20 },
        maxConcurrentActivityTaskExecutions: 50,
      }),
    );

  // Before there is a worker: what the bundler refuses must not leave one behind.
  const first = await bundle(catalog);
  const stopJobs = run(
    await Worker.create({
      ...shared(deps),
      taskQueue: jobsQueueOf(config.temporal.taskQueue),
      activities: jobs,
      maxConcurrentActivityTaskExecutions: config.jobs.slots,
    }),
  );
  let stopFlows = await startFlows(first).catch(async (error: unknown) => {
    await stopJobs();
    throw error;
  });
  /** Old workers that have work left. They hold the connection as the new one does. */
  const draining = new Set<Promise<void>>();
  let stopping = false;
  let reloaded = Promise.resolve();
  const replace = async (next: Catalog) => {
    const bundled = await bundle(next);
    if (stopping) return;
    const stopOld = stopFlows;
    stopFlows = await startFlows(bundled);
    // Beside, not before: it may wait for activities that are under way.
    const old = stopOld().finally(() => draining.delete(old));
    draining.add(old);
  };
  return {
    failed,
    reload(next) {
      const done = reloaded.then(() => replace(next));
      reloaded = done.catch(() => undefined);
      return done;
    },
    async stop() {
      stopping = true;
      // A worker that a reload is just starting is stopped too.
      await Promise.all([stopJobs(), reloaded.then(() => Promise.all([stopFlows(), ...draining]))]);
    },
  };
}

function shared({ connection, namespace, tracing }: WorkerDeps) {
  return {
    connection,
    namespace,
    shutdownGraceTime: GRACE,
    shutdownForceTime: FORCE,
    // Cancellation reaches an activity with the answer to a heartbeat, so heartbeats must not be held back long.
    maxHeartbeatThrottleInterval: '1 second',
    ...(tracing && { interceptors: tracing.worker.interceptors, sinks: tracing.worker.sinks }),
  } as const;
}
