/**
 * What a run hands on when it continues as new, so that it stays one run to everybody. Histories hold it: fields may be added, and
 * keep their names. Pure, because workflow code imports it.
 */
export interface HandedOn {
  /** When its first part began, ISO 8601. */
  readonly beganAt: string;
  /** Commit statuses that it has set to pending, and not ended. */
  readonly statuses: readonly PendingStatus[];
  /** How often it has asked for an approval, by name. */
  readonly approvals: Readonly<Record<string, number>>;
  /** What its author has said of the outcome. */
  readonly said?: { readonly outcome: 'passed' | 'failed' | 'skipped'; readonly because: string } | undefined;
  /** The first of its builds that did not pass, and why: plain text, of several lines. */
  readonly failed?: { readonly what: string; readonly because: string } | undefined;
  /** How long it has worked of the time that its automation lets it, in milliseconds. */
  readonly workedMs: number;
  /** Why it is about to be cancelled, in words. */
  readonly cancelled?: string | undefined;
  /** The workflow id of the run that takes its place. */
  readonly supersededBy?: string | undefined;
  /** The comment that it keeps on its pull request. */
  readonly table?: KeptTable | undefined;
}

/** A comment with a table of a run's jobs and builds. */
export interface KeptTable {
  readonly of: {
    readonly source: string;
    readonly repository: string;
    readonly repositoryId: string;
    readonly number: number;
    readonly automation: string;
    readonly order: string;
  };
  readonly rows: readonly TableRow[];
}

/** A job or a build of a table. */
export interface TableRow {
  readonly what: string;
  readonly outcome: 'running' | 'passed' | 'failed' | 'cancelled' | 'error';
  /** Markdown, one line. */
  readonly detail: string;
}

/** A commit status that has to be ended. */
export interface PendingStatus {
  readonly source: string;
  readonly repository: string;
  readonly sha: string;
  readonly context: string;
  readonly state: 'pending';
  readonly description: string;
  readonly targetUrl?: string;
  readonly unadmitted?: true;
}
