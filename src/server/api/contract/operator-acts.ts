/** `GET /api/acts?limit=&after=`: what operators have done, the latest first. */
export interface OperatorActsAnswer {
  readonly acts: readonly OperatorAct[];
  /** The `after` of the next page; absent on the last one. */
  readonly next?: string;
}

/** What an operator did, and when. */
export interface OperatorAct {
  /** ISO 8601. */
  readonly at: string;
  /** What they are called, as they were signed in or as they said. */
  readonly by: string;
  /** `cancel`, `rerun`, `approve`, `lane paused`, for example. */
  readonly act: string;
  /** The run, delivery, lane, automation, source or repository, as it was named. */
  readonly on: string;
}
