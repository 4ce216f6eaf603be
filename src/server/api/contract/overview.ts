import type { DeliveryRecord } from '../../../store/store.js';
import type { ReadinessAnswer } from './readiness.js';
import type { ListedRun, StuckRun } from './runs.js';

/** `GET /api/overview`: what is broken, what runs, what waits. */
export interface OverviewAnswer {
  /** When it was looked, ISO 8601. */
  readonly at: string;
  readonly health: ReadinessAnswer;
  /** Runs that ended in the last 24 hours and failed, the latest first; absent where Temporal does not answer in time, as all runs are. */
  readonly red?: readonly ListedRun[];
  /** Runs that are open and wait for nothing, newest first. */
  readonly running?: readonly ListedRun[];
  /** Runs that wait before their own work begins. */
  readonly waiting?: readonly ListedRun[];
  /** Runs that do not go on by themselves; absent also where that is not known. */
  readonly stuck?: readonly StuckRun[];
  /** The latest deliveries with a start that failed for good and was not asked for again. */
  readonly failedDeliveries: readonly DeliveryRecord[];
  readonly arrivals: Arrivals;
  readonly sources: readonly SourceOverview[];
}

/** How many deliveries came lately. */
export interface Arrivals {
  /** Whole minutes and the one under way, the oldest first. */
  readonly perMinute: readonly number[];
  /** False if there were more than were counted: the first minutes are left out then. */
  readonly complete: boolean;
}

/** How a source does. */
export interface SourceOverview {
  readonly name: string;
  readonly kind: string;
  readonly enabled: boolean;
  /** The newest that was stored. */
  readonly lastDelivery?: Pick<DeliveryRecord, 'id' | 'receivedAt' | 'eventName'>;
  /** The last look for missed deliveries; absent where nothing looks, none has been yet, or Temporal does not answer. */
  readonly lastLook?: Pick<ListedRun, 'run' | 'status' | 'startedAt' | 'endedAt' | 'url'>;
  /** How many of its deliveries this server has refused for its limit within the last hour. */
  readonly limited?: number;
}
