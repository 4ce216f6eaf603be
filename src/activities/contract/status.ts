export interface StatusActivities {
  reportStatus(input: StatusInput): Promise<StatusResult>;
}

export interface StatusInput {
  readonly source: string;
  readonly repository: string;
  readonly sha: string;
  /**
   * GitHub's four states, and `skipped`, which lets a merge go on. `error`: not the code's fault: cancelled, timed out, or
   * failed by us.
   */
  readonly state: 'pending' | 'success' | 'failure' | 'error' | 'skipped';
  readonly context: string;
  /** Cut to the provider's limit (GitHub: 140 characters). */
  readonly description: string;
  /** Default: the run's page. */
  readonly targetUrl?: string;
}

/** `reported: false` when the source has no API credentials: nothing to do, with the reason. */
export type StatusResult = { readonly reported: true } | { readonly reported: false; readonly because: string };
