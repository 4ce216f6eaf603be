/** Activities that report on commits. */
export interface StatusActivities {
  reportStatus(input: StatusInput): Promise<StatusResult>;
}

/** A commit status. */
export interface StatusInput {
  readonly source: string;
  readonly repository: string;
  readonly sha: string;
  /**
   * GitHub's four states, and `skipped`, which does not block a merge. `error` is not the code's fault: the run was
   * cancelled, timed out, or failed in Hookyard itself.
   */
  readonly state: 'pending' | 'success' | 'failure' | 'error' | 'skipped';
  readonly context: string;
  /** Cut to the provider's limit (GitHub: 140 characters). */
  readonly description: string;
  /** Default: the run's page. */
  readonly targetUrl?: string;
  /** Workflow id of another run, whose page it leads to where no address is given: the one that has taken this one's place. */
  readonly leadsTo?: string;
  /** When the run began that reports, ISO 8601: a later run's reports are not written over. */
  readonly runStartedAt?: string;
  /** The run was not let in, or not yet: what any run says that was let in counts more, whenever it began. */
  readonly unadmitted?: true;
}

/**
 * `reported: false`, with the reason, when there was nothing to do: no API credentials, for example. `later`: the provider
 * is away, and the status is written once it is back.
 */
export type StatusResult =
  | { readonly reported: true }
  | { readonly reported: false; readonly because: string; readonly later?: true };
