import type { KeptJob } from '../../runs/kept-job.js';
import type { ArtifactAsked, ArtifactWanted } from './artifacts.js';
import type { CacheAsked } from './cache.js';
import type { Checkout } from './checkout.js';
import type { TokenEvent, VariableValue } from './id-token.js';
import type { HeldJob, JobResult, PassedJob, StepRan } from './job-result.js';
import type { JobRunner } from './job-runner.js';
import type { JobStep } from './job-step.js';

import type { ProblemMatcher } from './tests.js';

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
  keepJob(input: KeepJobInput): Promise<KeptJob>;
  /** Keeps the workspace as a step has left it: the job goes on there if its worker is lost later. */
  snapshotJob(input: SnapshotJobInput): Promise<void>;
  /** Ends what {@link holdJob} does, at once, and returns what is known of the job by then. */
  closeJob(input: CloseJobInput): Promise<HeldJob>;
}

/** A job: what it checks out, and what it runs. */
export interface RunJobInput {
  readonly name: string;
  /** Which of the run's jobs of this name it is, from 1; absent for the first, and in runs that an older version started. */
  readonly nth?: number;
  readonly checkout: Checkout;
  readonly steps: readonly HostStep[];
  /** Values, or what the worker fills in. */
  readonly env: Readonly<Record<string, VariableValue>>;
  /** Names of the secrets that only its steps ask for; absent in runs that an older version started. */
  readonly stepSecrets?: readonly string[];
  /** For the whole job, checkout included, in milliseconds. */
  readonly timeoutMs: number;
  /** Commit-status context, for example `hookyard/ci`. The activity reports `pending` under it when it begins. */
  readonly context: string;
  /** When the run began, ISO 8601: orders its reports among those of other runs. */
  readonly runStartedAt?: string;
  /** The run itself waits for a Git provider that is away: an attempt that finds it so ends the activity. */
  readonly waitsOut?: true;
  /** How many attempts were made before by other activities of the same job: its own count on from there. */
  readonly attemptsBefore?: number;
  /** The automation lets a stranger's code do all that the worker's user can. */
  readonly trust?: true;
  /** Where code runs that is not a stranger's; absent: where the worker's configuration says. */
  readonly runner?: JobRunner;
  /** Whether steps in a sandbox or a container have network, where their code may; absent: as the worker's configuration says. */
  readonly network?: boolean;
  /** Its steps, or one of them, ask for ID tokens, which say this. */
  readonly tokenEvent?: TokenEvent;
}

/** A job that a host is to hold. */
export interface HoldJobInput extends Omit<RunJobInput, 'steps'> {
  /** Tells the jobs of one run apart. */
  readonly id: string;
  /** How many steps it has. */
  readonly steps: number;
  /** How long it is held for what runs once its time is over, in milliseconds. */
  readonly afterMs: number;
  /** It counts as in another run where it has passed there, and goes on where it has failed, if its workspace is at hand. */
  readonly from?: GoOnFrom;
  /** What is restored before its first step, and saved once it has passed. */
  readonly caches?: readonly CacheAsked[];
  /** What is put into its checkout before its first step. */
  readonly needs?: readonly ArtifactWanted[];
  /** What is kept beside its run once its steps have ended, however they have. */
  readonly artifacts?: readonly ArtifactAsked[];
  /** Snapshots are made of it: after a lost worker it goes on in the last one, if that is at hand. */
  readonly snapshots?: true;
}

/** Where a job goes on. Its steps are told by their hashes (`runs/hash.ts`): they may be long, and jobs many. */
export interface GoOnFrom {
  /** Workflow id of the run that failed. */
  readonly run: string;
  /** Workflow ids of those that it went on from itself, the nearest first: it may have been stopped before it came to this job. */
  readonly before?: readonly string[];
  /** Of each of the job's steps, as they are now: those that passed there must not have changed. */
  readonly stepHashes?: readonly string[];
  /** The steps themselves, in runs that an older version started; else none. */
  readonly steps: readonly HostStep[];
  /** Of all, as their author has written them: a job that has passed there counts where they have not changed. Absent where none counts. */
  readonly writtenHash?: string;
  /** The same themselves, in runs that an older version started. */
  readonly written?: readonly JobStep[];
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
  readonly env?: Readonly<Record<string, VariableValue>>;
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

/** Which job's workspace is kept. */
export interface KeepJobInput {
  /** {@link JobReady.workspace} */
  readonly workspace: string;
  /** Which step did not pass, from 1. */
  readonly failedAt: number;
  /**
   * All of the job's steps; of one that there is no room for the name alone, and no command line. Runs that an older version started do
   * not tell them.
   */
  readonly steps?: readonly HostStep[];
}

/** Which job a snapshot is made of. */
export interface SnapshotJobInput {
  /** {@link JobReady.workspace} */
  readonly workspace: string;
  /** Of which step it is the end, from 1. */
  readonly after: number;
}

/** Which job is closed, and why. */
export interface CloseJobInput {
  /** {@link JobReady.workspace} */
  readonly workspace: string;
  /** Why nothing is known of a step: the job begins anew. Absent where its steps are done. */
  readonly lost?: string;
  /** The run was cancelled. */
  readonly cancelled?: true;
  /** All that its steps have left is in the workspace, also where none has run there: the snapshot has it, or all were skipped. */
  readonly whole?: true;
  /** It has passed, and its caches are to be saved. */
  readonly saves?: true;
  /** It has passed: what is kept of that for runs that go on from this one. */
  readonly passed?: PassedJob;
  /** It has passed, and nothing of that is kept: in runs that go on from this one it begins with its first step. */
  readonly uncounted?: true;
}
