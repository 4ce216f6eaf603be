import type { InjectedSinks, NativeConnection } from '@temporalio/worker';
import type { Ingest } from '../activities/reconcile/ingest.js';
import type { Config } from '../config/config.js';
import type { Logger } from '../log.js';
import type { RunSinks } from '../runs/sinks.js';
import { maskOf } from '../secrets/mask.js';
import type { Store } from '../store/store.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Careful } from './careful.js';
import { maskActivities } from './mask-activities.js';

/** What workers are made with. The connection has to be open, and stays so after they are stopped. */
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

/** After this an activity is cancelled; a job then ends its processes, and another worker starts it anew. */
const GRACE = '5 seconds';
/** After this the worker shuts down, whatever still runs. */
const FORCE = '30 seconds';

/** Returns the options that all workers of a process have. */
export function sharedOptions({ connection, namespace, config, tracing, runEnds }: WorkerDeps) {
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
