import type { Duration } from '@temporalio/common';
import type { CheckoutOptions } from './checkout.js';
import type { SecretName } from './secret-name.js';
import type { Problem, ProblemMatcher, TestReport } from './tests.js';

/**
 * Activities of jobs. The first two are on the task queue for jobs, where each takes a slot; the others on the task queue of the
 * host that holds the job, and take none.
 */
export interface JobActivities {
  /** A whole job at once: of runs that an older version started. */
  runJob(input: RunJobInput): Promise<Omit<JobResult, 'outputs' | 'summary'>>;
  /** Makes ready what a job's steps run in, signals the run that it is, and keeps it until {@link closeJob} or the run's end. */
  holdJob(input: HoldJobInput): Promise<HeldJob>;
  /** Runs one step of a job that this host holds. One that does not pass fails as `StepFailed`, with a {@link StepRan}. */
  runStep(input: RunStepInput): Promise<StepRan>;
  /** Keeps the workspace of a job whose step has not passed, for a run that goes on there. */
  keepJob(input: KeepJobInput): Promise<void>;
  /** Ends what {@link holdJob} does, at once, and returns what is known of the job by then. */
  closeJob(input: CloseJobInput): Promise<HeldJob>;
}

/** A job that a host is to hold. */
export interface HoldJobInput extends Omit<RunJobInput, 'steps'> {
  /** Tells the jobs of one run apart. */
  readonly id: string;
  /** How many steps it has. */
  readonly steps: number;
  /** How long it is held for what runs once its time is over, in milliseconds. */
  readonly afterMs: number;
  /** It goes on where the job of this name failed in another run, if its workspace is at hand. */
  readonly from?: GoOnFrom;
}

/** Where a job goes on. */
export interface GoOnFrom {
  /** Workflow id of the run that failed. */
  readonly run: string;
  /** The job's steps as they are now: those that passed there must not have changed. */
  readonly steps: readonly HostStep[];
}

/** A step that passed in the run that a job goes on from. */
export interface StepDone {
  /** From 1. */
  readonly number: number;
  readonly ran: StepRan;
}

/** Which job's workspace is kept. */
export interface KeepJobInput {
  /** {@link JobReady.workspace} */
  readonly workspace: string;
  /** Which step did not pass, from 1. */
  readonly failedAt: number;
}

/** What the signal that a job is ready carries. */
export interface JobReady {
  /** The job's {@link HoldJobInput.id}. */
  readonly job: string;
  /** Of the activity that holds it, from 1: a later one takes the place of one whose worker was lost. */
  readonly attempt: number;
  /** Of the host that holds it. */
  readonly taskQueue: string;
  /** What the host knows it by: no other attempt has it. */
  readonly workspace: string;
  /** {@link JobResult.url} */
  readonly url: string;
  /** Steps that need not run: it goes on in the workspace that they left. */
  readonly done?: readonly StepDone[];
}

/** One attempt of one step, on the host that holds the job. */
export interface RunStepInput {
  /** {@link JobReady.workspace} */
  readonly workspace: string;
  readonly step: HostStep;
  /** Which of the job's steps it is, from 1. */
  readonly number: number;
  /** From 1. */
  readonly attempt: number;
  /**
   * The job has not passed, its time is over, or its run was cancelled, and this runs all the same: what all such steps may take
   * together, in milliseconds, where the job has not more time left.
   */
  readonly afterMs?: number;
}

/** What a host has to know of a step. */
export interface HostStep {
  readonly name: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string | SecretName>>;
  /** Below the checkout. */
  readonly dir?: string;
  readonly shell?: string;
  /** In milliseconds; of a background step: until it is ready. */
  readonly timeoutMs?: number;
  readonly background?: true;
  /** Command line that succeeds once a background step is ready. */
  readonly ready?: string;
  /** Globs of test reports; `tap` is the step's output. */
  readonly tests?: readonly string[];
  /** What looks for problems in its output beside the default; absent: nothing does. */
  readonly problems?: readonly (string | ProblemMatcher)[];
  /** Nothing is tried again after it: its first failing test or error turns the commit status red. */
  readonly turnsRed?: true;
}

/** What one attempt of a step came to. */
export interface StepRan extends StepResult {
  /** What it wrote to `$HOOKYARD_OUTPUT`, secrets masked. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** What it wrote to `$HOOKYARD_SUMMARY`, secrets masked. */
  readonly summary?: string;
  /** Its process was killed, and not by us: as a system without memory does. */
  readonly killed?: true;
  /** The job's time is over. */
  readonly over?: true;
  /** It would end in the same way if it ran again. */
  readonly final?: true;
}

/** Which job is closed, and why. */
export interface CloseJobInput {
  /** {@link JobReady.workspace} */
  readonly workspace: string;
  /** Why nothing is known of a step: the job begins anew. Absent where its steps are done. */
  readonly lost?: string;
  /** The run was cancelled. */
  readonly cancelled?: true;
}

/** What is known of a job once its host has let go of it. */
export interface HeldJob extends Pick<JobResult, 'durationMs' | 'tail' | 'attempt' | 'url'> {
  /** The job's time was over before there was anything to run its steps in. */
  readonly timedOut?: true;
}

/** A job: what it checks out, and what it runs. */
export interface RunJobInput {
  readonly name: string;
  readonly checkout: Checkout;
  readonly steps: readonly HostStep[];
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
  /** `owner/name` of the repository that the event is of, where the commit is in another one: its fork. */
  readonly home?: string;
  /** The branch that the pull request or the merge group is to be merged into. */
  readonly base?: string;
  /** Absent where the event does not tell it. */
  readonly defaultBranch?: string;
  /** How old the other branches and the tags may be: they are as they were then, or later. ISO 8601, UTC. */
  readonly since?: string;
  /** The code may be a stranger's: it comes into no touch with credentials. */
  readonly untrusted?: true;
  /** The code is of a merge queue: somebody who may merge has put it there, and a stranger may have written it. */
  readonly queued?: true;
  readonly options?: CheckoutOptions;
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
  /** What it is called in the log, in the result and in the Temporal UI. */
  readonly name: string;
  /** A shell command line, written by the automation's author. Event data belongs in `env`, never in here. */
  readonly run: string;
  /** Environment of this step, over that of the job. */
  readonly env?: Readonly<Record<string, string | SecretName>>;
  /** Of this step: milliseconds, or words such as `'5 minutes'`. Of a background step: until it is ready, default 1 minute. */
  readonly timeout?: Duration;
  /** Runs it again where it fails so. */
  readonly retries?: StepRetries;
  /**
   * `always`: it runs also where a step before it did not pass, the job's time is over, or the run was cancelled. `failure`: only
   * where a step before it did not pass.
   */
  readonly if?: 'always' | 'failure';
  /** Where it runs: a folder below the checkout, `packages/app`. Default the checkout. */
  readonly dir?: string;
  /**
   * What runs it: `bash` (the default), `sh`, `python3`, `node`, …, or any program with what comes before the commands:
   * `'ruby -e'`.
   */
  readonly shell?: string;
  /** The job goes on, and may pass, though this step fails. */
  readonly continueOnError?: boolean;
  /** It runs beside the steps that follow, as a database for tests does, and is ended with the job. */
  readonly background?: boolean;
  /** Of a background step: a command line that succeeds once it can be used, `'pg_isready'`. The next step waits for that. */
  readonly ready?: string;
  /**
   * The test reports that it writes, JUnit XML or TAP: globs below the checkout, `'reports/*.xml'`. `'tap'` is its own output. A
   * failing test fails the step, whatever its exit code is.
   */
  readonly tests?: string | readonly string[];
  /**
   * Problem matchers in GitHub's format, or files of the checkout that hold them, beside the one for `file:line:col: message`. An
   * error fails the step, whatever its exit code is. `false`: none at all.
   */
  readonly problems?: false | readonly (string | ProblemMatcher)[];
}

/** When a step runs again. */
export interface StepRetries {
  /**
   * After which ends: `failed` (any exit code but 0), `exit:<code>`, `timeout` (its own), `lost` (its process was killed, as by a
   * system without memory). Default `failed`. A worker that is lost is none of them: the job begins anew by itself.
   */
  readonly on?: readonly ('failed' | 'timeout' | 'lost' | `exit:${number}`)[];
  /** How often at most, 1 to 10. */
  readonly limit: number;
}

/** How a job has ended. */
export interface JobResult {
  readonly outcome: 'passed' | 'failed' | 'timed_out';
  /** `outcome === 'passed'` */
  readonly passed: boolean;
  readonly steps: readonly StepResult[];
  /** What the steps wrote to `$HOOKYARD_OUTPUT`, secrets masked; of one name the last. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What the steps wrote to `$HOOKYARD_SUMMARY`: Markdown, secrets masked. */
  readonly summary?: string;
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
  /** 128 and the number of the signal where one has killed it. */
  readonly exitCode?: number;
  readonly durationMs: number;
  /** How often it ran, where it ran again. */
  readonly attempts?: number;
  /** It ran in the run that this one goes on from. */
  readonly before?: true;
  /** It did not pass, and the job went on: its `continueOnError`. */
  readonly continued?: true;
  /** Why it did not pass, where that is not its exit code. */
  readonly because?: string;
  /** What the reports say that `tests` names. */
  readonly tests?: TestReport;
  /** Failing tests and problems with a place in the checkout: errors first, 50 at most. */
  readonly problems?: readonly Problem[];
}
