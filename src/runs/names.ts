import type { HookyardEvent } from '../events/event.js';
import type { Preconditions } from './options.js';

/**
 * The names that runs are addressed by in Temporal, each in one place. Open runs and stored rows hold them: their values
 * never change. Pure, because workflow code imports it.
 */

/** The workflow that looks for missed deliveries, as the workers' bundle exports it: its workflow type. */
export const RECONCILE_WORKFLOW = 'hookyardReconcile';

/** The workflow that sends a message to an endpoint anew, as the workers' bundle exports it: its workflow type. */
export const RESEND_WORKFLOW = 'hookyardResend';

/** The workflow that carries out comment commands, as its module exports it: its workflow type. */
export const COMMANDS_WORKFLOW = 'hookyardCommands';

/** Signal: somebody who may has approved the commit that the run waits with. Carries an `Approval`. */
export const APPROVE_SIGNAL = 'hookyard-approve';
/** Signal: somebody who may has rejected it. Carries a `Rejection`. */
export const REJECT_SIGNAL = 'hookyard-reject';

/**
 * Signal: another run waits in this one's place, with a newer commit of the pull request or again with the same. Carries
 * a `Superseded`.
 */
export const SUPERSEDE_SIGNAL = 'hookyard-supersede';

/** Signal: the pull request was closed, so nothing waits any more. Carries nothing. */
export const WITHDRAW_SIGNAL = 'hookyard-withdraw';

/** Signal: the run is about to be cancelled, and why. Carries a {@link CancelReason}. */
export const CANCEL_SIGNAL = 'hookyard-cancel';

/** Who or what cancels a run, as its statuses say it. */
export interface CancelReason {
  /** In words: `cancelled by anna through hookyard cancel`. */
  readonly because: string;
}

/** Memo of a run that was cancelled for a reason that is known: that reason, in words. */
export const CANCELLED_MEMO = 'cancelledBecause';

/**
 * Type of the failure of a run that did all that it should, and one of its builds did not pass. Its first detail is the
 * run's result.
 */
export const BUILD_FAILED = 'BuildFailed';

/** Type of the failure of a run that took longer than its automation's `timeout`. */
export const TIMED_OUT = 'TimedOut';

/** Returns the signal that the callback of one remote build arrives by. `id`: unique within the run. */
export function buildSignal(id: string): string {
  return `hookyard-build-${id}`;
}

/** Memo of a run that waits for approval; see {@link WaitsForApproval}. `null` once it waits no more. */
export const WAITS_MEMO = 'waitsForApproval';

/** Memo of a run that waits for what is away, a Git provider for example: why, in words. `null` once it waits no more. */
export const AWAY_MEMO = 'waitsForAway';

/** Memo of a run whose author has set its outcome: why, in words. */
export const OUTCOME_MEMO = 'outcomeBecause';

/** What a run that waits for approval says of itself in its memo: {@link WAITS_MEMO}. */
export interface WaitsForApproval {
  /** The head commit, from a fork, that somebody has to approve. */
  readonly sha: string;
  /** When the provider last changed the pull request, ISO 8601: orders the commits of one pull request. */
  readonly since: string;
  /** When its delivery was received, ISO 8601: an approval that was written before did not mean this commit. */
  readonly received: string;
  /** It waits because of the closing itself, which so does not end the wait. */
  readonly closing?: true | undefined;
  /** The provider's id of the repository, which stays when it is renamed. */
  readonly repositoryId: string;
  /** The run has begun, and waits for events: one of them is to be approved. It stands in nobody's place. */
  readonly begun?: true | undefined;
}

/** Returns the task queue of jobs, which take minutes and a core each; workflows run on `taskQueue` itself. */
export function jobsQueueOf(taskQueue: string): string {
  return `${taskQueue}-jobs`;
}

/**
 * Returns the task queue of the steps of jobs that one host holds. `host`: what tells it, and its process, from all others, also from
 * those before it.
 */
export function stepsQueueOf(taskQueue: string, host: string): string {
  return `${jobsQueueOf(taskQueue)}-${host}`;
}

/** Signal: a host holds a job of the run, and its steps may run there. Carries a `JobReady`. */
export const JOB_READY_SIGNAL = 'hookyard-job-ready';

/** The counter of looks for missed deliveries, by source and outcome; Prometheus has it with `_total` at its end. */
export const LOOKS = 'hookyard_looks';
/** The counter of runs that have ended. */
export const RUNS = 'hookyard_runs';

/** Signal: a run that waits in a lane is let on. Carries nothing. */
export const LET_ON_SIGNAL = 'hookyard-let-on';

/**
 * Signal: a newer run takes this one's place in its lane. Carries an {@link Outdated}.
 */
export const OUTDATED_SIGNAL = 'hookyard-outdated';

/** What {@link OUTDATED_SIGNAL} carries. */
export interface Outdated {
  /** The workflow id of the run that supersedes this one. */
  readonly by: string;
}

/** Signal: an event has come that the run waits for. Carries a {@link WaitSignal}. */
export const WAIT_SIGNAL = 'hookyard-wait';

/** What {@link WAIT_SIGNAL} carries. */
export interface WaitSignal {
  /** The wait's id. */
  readonly wait: string;
  readonly event: HookyardEvent;
  /** What has to be found out before it is handed over. */
  readonly asks: Preconditions;
}
