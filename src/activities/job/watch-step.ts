import type { HostStep, RunJobInput, StepRan } from '../contract/index.js';
import type { JobLog } from './job-log.js';
import type { Workspace } from './workspace.js';

/** The job whose steps are looked at. */
export interface WatchedJob {
  readonly input: Omit<RunJobInput, 'steps'>;
  readonly workspace: Workspace;
  readonly jobLog: JobLog;
  /** Hides secrets in a text. */
  readonly mask: (text: string) => string;
  /** Returns the merge that was checked out in the place of the commit, where one was made. */
  merge(): string | undefined;
}

/** Which attempt of which step of which job is looked at. */
export interface WatchedStep {
  readonly job: WatchedJob;
  readonly step: HostStep;
  /** From 1, as in `RunStepInput`. */
  readonly number: number;
  readonly attempt: number;
  /** Aborts when its processes have ended, or could not be begun. */
  readonly ended: AbortSignal;
}

/** Looks at what one attempt of a step prints and leaves behind. */
export interface StepWatcher {
  /** Called with each line of output, secrets masked. Has to be quick: the step waits for it. */
  onLine?(text: string, stream: 'stdout' | 'stderr'): void;
  /**
   * Called once the step's processes have ended, while the workspace is as they left it, with what is known of it. What it returns
   * is added to that. A rejection is noted in the log of the job, and changes nothing. `stop` aborts when the job is cancelled, or its
   * time is over.
   */
  afterStep?(ran: StepRan, stop: AbortSignal): Promise<Partial<StepRan>>;
}

/** Returns what looks at one attempt of a step; undefined if nothing does. */
export type WatchStep = (of: WatchedStep) => StepWatcher | undefined;
