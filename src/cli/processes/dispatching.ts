import type { Client } from '@temporalio/client';
import type { Config } from '../../config/config.js';
import { createDispatcher } from '../../dispatch/dispatcher.js';
import { createDispatchMetrics } from '../../dispatch/metrics.js';
import { createWaitKeeper } from '../../dispatch/wait-keeper.js';
import type { Logger } from '../../log.js';
import type { Store } from '../../store/store.js';
import type { Tracing } from '../../tracing/tracing.js';
import type { Lifecycle } from './lifecycle.js';
import type { MetricsPage } from './metrics.js';

/** What {@link startDispatching} works with. */
export interface DispatchingDeps {
  readonly config: Pick<Config, 'temporal' | 'database'>;
  readonly store: Pick<Store, 'inbox' | 'waits'>;
  readonly client: Client;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  readonly metrics: Pick<MetricsPage, 'add'>;
  readonly tracing?: Pick<Tracing, 'within'> | undefined;
  /** Whether runs end in other processes, which let on those that wait for them. */
  readonly letOnElsewhere?: boolean;
}

/** Starts the dispatcher, and what gives events to runs that wait. Returns what makes both look into the store at once. */
export function startDispatching({ config, store, client, log, lifecycle, ...deps }: DispatchingDeps): () => void {
  const metrics = createDispatchMetrics();
  deps.metrics.add(metrics.expose);
  const { taskQueue } = config.temporal;
  const { tracing, letOnElsewhere = false } = deps;
  // A file's data folder has one owner; a database may serve others, whose leases end by themselves.
  const isAlone = config.database === undefined;
  const told = { log, metrics, tracing };
  const dispatcher = createDispatcher({ inbox: store.inbox, isAlone, letOnElsewhere, client, taskQueue, ...told });
  dispatcher.start();
  lifecycle.onStop('the dispatcher', () => dispatcher.stop());
  const keeper = createWaitKeeper({ waits: store.waits, client, log, gave: dispatcher.wake });
  keeper.start();
  lifecycle.onStop('the keeper of waits', () => keeper.stop());
  return () => {
    dispatcher.wake();
    keeper.wake();
  };
}
