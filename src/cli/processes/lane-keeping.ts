import type { Client } from '@temporalio/client';
import { createLaneKeeper, type LaneKeeper } from '../../dispatch/lane-keeper.js';
import type { Logger } from '../../log.js';
import type { Store } from '../../store/store.js';
import type { Automation } from '../../triggers/automation.js';
import type { Lifecycle } from './lifecycle.js';

/** What {@link startLaneKeeping} works with. */
export interface LaneKeepingDeps {
  readonly store: Pick<Store, 'lanes'>;
  readonly client: Client;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  /** Called when somebody was let on. */
  readonly letOn: () => void;
  readonly automations: readonly Automation[];
  /** Whether no other process runs automations. */
  readonly isAlone?: boolean;
}

/** Starts what frees the slots of runs that have ended. Each process that starts or runs workflows has one. */
export function startLaneKeeping({ store, lifecycle, automations, ...deps }: LaneKeepingDeps): LaneKeeper {
  const keeper = createLaneKeeper({ lanes: store.lanes, ...deps });
  keeper.limit(automations);
  keeper.start();
  lifecycle.onStop('the keeper of lanes', () => keeper.stop());
  return keeper;
}
