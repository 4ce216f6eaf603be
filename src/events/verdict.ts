/**
 * For one delivery and one automation: started, or filtered and why. `because` is a sentence for people; it is stored
 * with the delivery.
 */
export type Verdict = StartVerdict | FilteredVerdict;

export interface StartVerdict {
  readonly automation: string;
  readonly outcome: 'start';
  readonly because: string;
  /** Workflow id of the run: known before it starts, because it is a name. */
  readonly workflowId: string;
}

export interface FilteredVerdict {
  readonly automation: string;
  readonly outcome: 'filtered';
  readonly because: string;
}
