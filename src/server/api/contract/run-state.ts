import type { WaitRecord } from '../../../store/store.js';
import type { ShownApproval } from './approvals.js';
import type { ListedRun, RunStatus } from './runs.js';

/** `GET /api/runs?id=<workflow id>` */
export interface RunState {
  readonly status: RunStatus;
  /** What the run returned, once it has completed, or a build of it has failed. */
  readonly result?: unknown;
  /** Of the result, if it has one: whether its builds passed. */
  readonly outcome?: string;
  /** Why it has the outcome that its author has set. */
  readonly because?: string;
  /** Of the result: what went wrong although the run completed, a commit status that was refused for example. */
  readonly troubles?: readonly string[];
  /**
   * Why it failed, was cancelled, was set aside, or can't go on. Where a build did not pass, it has the last lines of its output
   * on lines of their own.
   */
  readonly error?: string;
  /** The commit from a fork that it waits with, until somebody approves it. */
  readonly waitsForApproval?: string;
  /** The approvals that it has asked for, the oldest first. */
  readonly approvals?: readonly ShownApproval[];
  /** Why it waits for what is away, a Git provider for example. */
  readonly waitsForAway?: string;
  /** What it has begun, that failed, and that is tried again. */
  readonly retried?: readonly RetriedActivity[];
  /** Runs that it has started, children and those that follow it in a chain, and theirs. Only where one run is asked for. */
  readonly ledTo?: readonly LedToRun[];
  /** Events that it waits for, and those that end it, while it is open. */
  readonly waitsFor?: readonly ShownWait[];
  /** Its page in the Temporal UI. */
  readonly url?: string;
}

/** A part of a run's work that failed, and is tried again. */
export interface RetriedActivity {
  /** Its name. */
  readonly activity: string;
  /** That have failed. */
  readonly attempts: number;
  /** Of the last one. */
  readonly error: string;
  /** When it is tried again, as ISO 8601; absent while it is. */
  readonly next?: string;
}

/** A run that another has started. */
export interface LedToRun extends Pick<ListedRun, 'run' | 'automation' | 'status' | 'outcome'> {
  /** The workflow id of the run that has started it. */
  readonly by: string;
}

/** What an open run waits for. */
export interface ShownWait extends Pick<WaitRecord, 'title' | 'since' | 'ends'> {
  /** Unix ms; absent where the event would end the run. */
  readonly until?: number;
}
