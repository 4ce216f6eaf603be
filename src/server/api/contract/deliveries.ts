import type { DeliveryRecord, DispatchRecord } from '../../../store/store.js';
import type { RunState } from './run-state.js';

/** `POST /webhooks/<source>`, 202. A repeat is answered with what the first delivery was. */
export interface DeliveryAnswer {
  /** Our id. */
  readonly delivery: string;
  readonly duplicate?: true;
  /** What a duplicate has in common with the first delivery. */
  readonly repeats?: 'key' | 'body' | 'event';
  /** The events, in words. */
  readonly event?: string;
  /** Why nothing was started. */
  readonly ignored?: string;
  /** That not all refs of a push were read, in words. */
  readonly leftOut?: string;
  /** All of them, or only those that start something where very many were filtered. */
  readonly verdicts: readonly AnsweredVerdict[];
  /** How many verdicts were filtered, where they are left out. */
  readonly filtered?: number;
  /** Workflow ids. */
  readonly runs: readonly string[];
}

/** A verdict as the sender reads it. */
export interface AnsweredVerdict {
  readonly automation: string;
  readonly outcome: 'start' | 'skip' | 'filtered';
  readonly because: string;
  /** Workflow id. */
  readonly run?: string;
}

/** `GET /api/deliveries`: a page, newest first. */
export interface DeliveriesAnswer {
  readonly deliveries: readonly DeliveryRecord[];
  /** The `before` of the next page (Unix ms); absent on the last one. */
  readonly next?: number;
  /** Not all that came earlier was searched: more may be found from `next` on. */
  readonly searched?: 'in part';
  /**
   * How many deliveries of the source that was asked for this server has refused for its limit, and when the last one
   * (Unix ms); absent if none within the last hour.
   */
  readonly limited?: { readonly count: number; readonly last: number };
}

/** `GET /api/deliveries/<our id, a beginning of it, or the provider's>?source=<name>&content=true&diff=true` */
export interface ShownDelivery extends DeliveryRecord {
  /** How deliveries of its source are verified, where the source is still configured. */
  readonly verifiedBy?: string;
  readonly dispatches: readonly ShownDispatch[];
  /** Where it is asked for. */
  readonly content?: DeliveryContent;
  /** How it differs from the one before it of its kind, where that is asked for. */
  readonly diff?: DeliveryDiff;
}

/**
 * How a delivery differs from the one before it of the same source, event, action and repository.
 */
export interface DeliveryDiff {
  /** The one that it is compared with; absent if there is none. */
  readonly with?: { readonly id: string; readonly receivedAt: number };
  /** Why there is nothing to compare, or bodies are not compared, in words. */
  readonly because?: string;
  readonly headers?: Differences;
  readonly body?: Differences;
}

/** What differs between two values. */
export interface Differences {
  /** In the order in which they stand there, 200 at most. */
  readonly shown: readonly Difference[];
  /** How many differ that are not shown. */
  readonly more?: number;
  /** Both hold so many values that only the beginnings were compared. */
  readonly isCut?: true;
}

/** A place in which two values differ. */
export interface Difference {
  /** `commits[0].author.name`, `labels[name=bug].color`; of a list of plain values `topics[]`. Empty: the whole. */
  readonly path: string;
  /** JSON, its beginning where it is long; absent for what was added. */
  readonly before?: string;
  /** As before; absent for what was removed. */
  readonly after?: string;
}

/** What a delivery asked to start, with the state of its run. */
export interface ShownDispatch extends DispatchRecord {
  readonly run: RunState;
}

/** `POST /api/deliveries/<as above>/replay?source=<name>&automation=<name>` */
export interface ReplayAnswer {
  /** Our id of the delivery. */
  readonly delivery: string;
  /** Workflow ids of the new runs. */
  readonly runs: readonly string[];
}

/** What was sent, without the secrets that are known. */
export interface DeliveryContent {
  readonly headers: Readonly<Record<string, string>>;
  /** JSON is indented. Absent where the body is not kept any more. */
  readonly body?: string;
  /** The body has more text than is shown. */
  readonly isCut?: true;
}
