/** `POST /api/reconcile` */
export interface ReconcileAnswer {
  /** One for each source. */
  readonly runs: readonly ReconcileRun[];
}

/** A run that looks for missed deliveries of a source. */
export interface ReconcileRun {
  readonly source: string;
  /** Workflow id. */
  readonly run: string;
  /** It was asked for before and has not ended. */
  readonly underWay?: true;
}
