/** Workflows of the provider's own CI that can be started from outside. */
export interface BuildsApi {
  /** Throws {@link ProviderError} (`refused`) for what is neither a workflow's file name nor its id. */
  workflow(name: string): WorkflowApi;
  /** Throws {@link ProviderError} (`refused`) for what is not a run's id. */
  run(id: string): WorkflowRunApi;
}

/** The workflows of a repository. */
export interface WorkflowApi {
  /** Starts the workflow. Never sent again by itself: a response that was lost may belong to a run that has started. */
  dispatch(on: { readonly ref: string; readonly inputs: Readonly<Record<string, string>> }): Promise<Dispatched>;
  /**
   * Returns the runs of dispatches since a time by the provider's clock (Unix ms), newest first. Throws {@link ProviderError}
   * (`refused`) where there are more than 1000.
   */
  dispatchedSince(time: number): Promise<readonly ListedRun[]>;
  /** Returns what it is called, and whether it is enabled. */
  about(): Promise<{ readonly name: string; readonly isActive: boolean }>;
}

/**
 * The run if the provider named it; else the earliest time at which it can have been created, by the provider's clock.
 */
export type Dispatched = { readonly run: WorkflowRun } | { readonly since: number };

/** A workflow's run. */
export interface WorkflowRun {
  /** A string: GitHub's run ids exceed 32 bits. */
  readonly runId: string;
  /** The run's page. */
  readonly url: string;
}

/** A workflow's run, as lists show it. */
export interface ListedRun extends WorkflowRun {
  /** What the run and its workflow are called. */
  readonly titles: readonly string[];
  /** The branch or the tag that it was dispatched on, and the commit; undefined where the provider does not tell. */
  readonly branch: string | undefined;
  readonly commit: string | undefined;
}

/** A workflow's run, to be asked for and cancelled. */
export interface WorkflowRunApi {
  state(): Promise<RunState>;
  /** Changes nothing about a run that has ended or is gone. Throws {@link ProviderError} (`unavailable`) where it goes on. */
  cancel(): Promise<void>;
}

/** How a workflow's run does. */
export interface RunState {
  /** Undefined while it goes on. */
  readonly outcome: 'passed' | 'failed' | 'cancelled' | undefined;
  /** The provider's word for it. */
  readonly conclusion: string;
  readonly url: string;
  /** The commit that it runs on. */
  readonly commit?: string;
}
