import type { StoredRecord } from './records.js';

/** Removes what somebody does not want kept any longer. What was removed can't be had back. */
export interface Forgetting {
  /**
   * Removes a delivery's body, headers, events, verdicts and starts; those that wait are not started any more. Hashes of its
   * key and body are left, so that it starts nothing if it is sent again. Undefined if there is none, or no more.
   */
  delivery(id: string): Promise<ForgottenDelivery | undefined>;
  /**
   * Removes up to `limit` each of the lines, outbound attempts and synced records that a run has written, and all that was said
   * to it. Records of versions before are only known by what is in them. `dryRun`: only counts what it has written.
   */
  run(workflowId: string, options: { limit: number; dryRun?: boolean }): Promise<ForgottenRun>;
  /** Removes lanes, by their names, but for those that somebody is in or holds up. Returns how many. */
  lanes(lanes: readonly string[]): Promise<number>;
  /** All records in a fixed order, those after `after` (0 for the first page). */
  records(page: { after: number; limit: number }): Promise<NumberedRecord[]>;
}

/** What a delivery had. */
export interface ForgottenDelivery {
  readonly bodyBytes: number;
  /** Ids of the runs that it has started, and of those that were still to be started. */
  readonly workflowIds: readonly string[];
}

/** What a run had written. */
export interface ForgottenRun {
  readonly lines: number;
  readonly attempts: number;
  readonly records: number;
}

/** A record with its place in the order of all records, and the workflow id of the run that has written it, if known. */
export type NumberedRecord = StoredRecord & { readonly place: number; readonly run?: string };
