import type { PullRequestRef } from './pull-requests.js';

/** Activities about how runs have ended, compared with those before, and told where people look. */
export interface ResultActivities {
  /** Keeps a result, and returns that of the run before. */
  noteResult(input: ResultInput): Promise<NotedResult>;
  /** Keeps one comment on a pull request with how the newest run goes. */
  writeTable(input: TableInput): Promise<TableResult>;
}

/** What results are compared within: those of other automations, branches and pull requests are others. */
export interface ResultSubject {
  readonly source: string;
  /** `owner/name`; absent for a run that is about no repository. */
  readonly repository?: string;
  /** The provider's id of the repository: renaming does not change it. */
  readonly repositoryId?: string;
  readonly automation: string;
  /** The branch, pull request, or environment that the run is about; empty for one that is about none. */
  readonly of: string;
  /** Tells several results of one run apart. */
  readonly name?: string;
}

/** A result of a run. */
export interface ResultInput extends ResultSubject {
  readonly passed: boolean;
  /** Sorts the runs by what they are about. */
  readonly order: string;
}

/** What is known once a result is kept. */
export interface NotedResult {
  /** Whether the run before has passed; absent if there was none. */
  readonly before?: boolean;
  /** A run that is about something newer has told its result already. */
  readonly outdated?: true;
}

/** A table to write. */
export interface TableInput extends PullRequestRef {
  /** The provider's id of the repository: renaming does not change it. */
  readonly repositoryId: string;
  readonly automation: string;
  /** Markdown. Text from payloads must have gone through `plain`. */
  readonly body: string;
  /** Sorts the runs by what they are about. */
  readonly order: string;
}

/** `written: false`, with the reason, when there is nothing to write to, or a newer run has written there. */
export type TableResult = { readonly written: true } | { readonly written: false; readonly because: string };
