import type { ArtifactResult } from './artifacts.js';
import type { CacheResult } from './cache.js';
import type { JobStep } from './job-step.js';
import type { Problem, TestReport } from './tests.js';

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
  /**
   * The last lines of output, 4 kB at most, secrets masked; where a step did not pass, without those of what runs after it.
   * `hookyard logs <run>` shows all of it.
   */
  readonly tail: string;
  /** Number of the activity's attempt, from 1. Above 1, an earlier worker was lost or a checkout failed. */
  readonly attempt: number;
  /** The run's page in the Temporal UI. */
  readonly url: string;
  /** Where its steps ran, in words; absent where nothing of it has run here, or an older version has not told. */
  readonly runner?: string;
  /** What became of its caches, in the order of its options. */
  readonly caches?: readonly CacheResult[];
  /** What became of its artifacts, in the order of its options. */
  readonly artifacts?: readonly ArtifactResult[];
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
  /** It goes on in the snapshot that was made of this very job after this step, from 1: what ran until then is known. */
  readonly after?: number;
}

/** A step that passed in the run that a job goes on from. */
export interface StepDone {
  /** From 1. */
  readonly number: number;
  readonly ran: StepRan;
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

/** What is known of a job once its host has let go of it. */
export interface HeldJob
  extends Pick<JobResult, 'durationMs' | 'tail' | 'attempt' | 'url' | 'runner' | 'caches' | 'artifacts'> {
  /** The job's time was over before there was anything to run its steps in. */
  readonly timedOut?: true;
  /** Problems of an earlier try or run are shown on its commit or pull request. */
  readonly annotated?: true;
  /** The job has passed in the run that this one goes on from, and nothing of it has run here. */
  readonly before?: PassedBefore;
}

/** What a job that has passed came to, and what of. */
export interface PassedJob {
  /** Of its steps as their author has written them (`runs/hash.ts`). */
  readonly stepsHash?: string;
  /** These steps, in runs that an older version started; else none. */
  readonly steps: readonly JobStep[];
  readonly result: Pick<JobResult, 'steps' | 'outputs' | 'summary'>;
  /** Which try has passed, from 1. */
  readonly tries: number;
}

/** What a job came to that has passed in an earlier run. */
export interface PassedBefore
  extends Pick<JobResult, 'steps' | 'outputs' | 'summary' | 'durationMs' | 'tail' | 'attempt'>,
    Pick<PassedJob, 'tries'> {}
