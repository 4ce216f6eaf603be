import type { Problem } from './tests.js';

/** Activities that report on commits. */
export interface StatusActivities {
  reportStatus(input: StatusInput): Promise<StatusResult>;
  annotate(input: AnnotateInput): Promise<AnnotateResult>;
}

/** Problems that are shown at their lines, or removed where there are none any more. */
export interface AnnotateInput {
  readonly source: string;
  readonly repository: string;
  readonly sha: string;
  /** The job that they belong to, as its commit status is called: they take the place of those before. */
  readonly context: string;
  /** The pull request that they are written on as a comment, where the provider shows none at their lines. */
  readonly pullRequest?: number;
  /** When the run began that reports, ISO 8601: what a later one has shown stays. Absent in runs of an older version. */
  readonly runStartedAt?: string;
  /** What they come to, in a few words. */
  readonly title: string;
  /** The most important ones first. */
  readonly problems: readonly Problem[];
}

/** `annotated: false`, with the reason, where the provider can't show any, or a later run has. `by`: a comment on the pull request. */
export type AnnotateResult =
  | { readonly annotated: true; readonly by?: 'comment' }
  | { readonly annotated: false; readonly because: string };

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
  /** A test has failed: this run turns the status neither green nor pending after it. */
  readonly binding?: true;
  /** A whole job has passed: what turned red before was of an attempt that was lost, or of a job that ran again. */
  readonly lifts?: true;
}

/**
 * `reported: false`, with the reason, when there was nothing to do: no API credentials, for example. `later`: the provider
 * is away, and the status is written once it is back.
 */
export type StatusResult =
  | { readonly reported: true }
  | { readonly reported: false; readonly because: string; readonly later?: true };
