/** `POST /api/forget`: what was removed by this call, or would be. */
export interface ForgetAnswer {
  readonly counts: ForgetCounts;
  /** Our whole id of the delivery, where one was named. */
  readonly delivery?: string;
  /** The `from` of the next call; absent when all is done. */
  readonly next?: unknown;
}

/** What there was to forget. */
export interface ForgetCounts {
  deliveries: number;
  bodyBytes: number;
  /** Deliveries that are left because a run of theirs has not ended. */
  waiting: number;
  /** Lines of jobs' output. */
  lines: number;
  /** Tries of outbound messages. */
  attempts: number;
  /** Synced records, and what Hookyard remembers. */
  records: number;
  /** Runs in Temporal, with their histories. */
  runs: number;
  /** Runs in Temporal that have not ended, and are left. */
  open: number;
}
