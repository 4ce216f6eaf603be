/** Activities of the task queue for jobs. */
export interface JobActivities {
  runJob(input: RunJobInput): Promise<JobResult>;
}

/** A job: what it checks out, and what it runs. */
export interface RunJobInput {
  readonly name: string;
  readonly checkout: Checkout;
  readonly steps: readonly JobStep[];
  /** Values, or the names of configured secrets. */
  readonly env: Readonly<Record<string, string | SecretName>>;
  /** For the whole job, checkout included, in milliseconds. */
  readonly timeoutMs: number;
  /** Commit-status context, for example `hookyard/ci`. The activity reports `pending` under it when it begins. */
  readonly context: string;
  /** When the run began, ISO 8601: orders its reports among those of other runs. */
  readonly runStartedAt?: string;
  /** The run itself waits for a Git provider that is away: an attempt that finds it so ends the activity. */
  readonly waitsOut?: true;
}

/** The commit that a job checks out, and where git finds it. */
export interface Checkout {
  readonly source: string;
  /** `owner/name` */
  readonly repository: string;
  readonly sha: string;
  /** Where git looks for the commit first: `refs/heads/main`. Absent where `pullRequest` is there. */
  readonly ref?: string;
  /** The pull request whose head the commit is: the activity finds out where its provider keeps it. */
  readonly pullRequest?: PullRequestHead;
}

/** A pull request, and where its commits come from. */
export interface PullRequestHead {
  readonly number: number;
  readonly head: {
    /** Name of the branch that the pull request comes from. */
    readonly ref: string;
    /** `owner/name` of the repository that has the branch; absent where the provider does not say. */
    readonly repository?: string;
  };
}

/** A command of a job, with a name. */
export interface JobStep {
  readonly name: string;
  /** A shell command line, written by the automation's author. Event data belongs in `env`, never in here. */
  readonly run: string;
}

/** A reference to `secrets.<name>` of the configuration. */
export interface SecretName {
  readonly secret: string;
}

/** How a job has ended. */
export interface JobResult {
  readonly outcome: 'passed' | 'failed' | 'timed_out';
  /** `outcome === 'passed'` */
  readonly passed: boolean;
  readonly steps: readonly StepResult[];
  readonly durationMs: number;
  /** The last lines of output, 4 kB at most, secrets masked. `hookyard logs <run>` shows all of it. */
  readonly tail: string;
  /** Number of the activity's attempt, from 1. Above 1, an earlier worker was lost or a checkout failed. */
  readonly attempt: number;
  /** The run's page in the Temporal UI. */
  readonly url: string;
}

/** How a step has ended. */
export interface StepResult {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'timed_out' | 'skipped';
  readonly exitCode?: number;
  readonly durationMs: number;
}
