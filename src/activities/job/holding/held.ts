import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { withDeadline } from '../../../async/deadline.js';
import type { CloseJobInput, FailureType } from '../../contract/index.js';
import { refused } from '../../failures.js';
import type { PlacedNeeds } from '../artifacts/placed-needs.js';
import type { OpenJob } from '../open-job.js';
import type { Progress } from '../snapshots/keep-job.js';
import { holdOf, type RanStep } from '../snapshots/snapshot.js';

/** A job that this process holds. */
export interface Held {
  readonly job: OpenJob;
  /** Of the run that it is of. */
  readonly workflowId: string;
  readonly runId: string | undefined;
  /** Names its snapshots: {@link SnapshotName}. */
  readonly hold: string;
  /** Aborts when it is held no more. */
  readonly ending: AbortController;
  /** Resolves to why it is to be closed. */
  readonly closed: Promise<CloseJobInput>;
  readonly close: (how: CloseJobInput) => void;
  /** What is done in its workspace, which is not removed meanwhile. */
  readonly atWork: Set<Promise<unknown>>;
  /** Of the steps so far, the last attempt of each. */
  readonly ran: Map<number, RanStep>;
  /** When steps began to change the workspace, Unix ms, by its file system's clock. */
  readonly since: number;
  /** What was placed before its first step; undefined until that is done. */
  placed?: PlacedNeeds;
  /** A step has run here. */
  hasWorked: boolean;
  /** Aborts when the time of what runs after the end is over: counted from the first of it. */
  after?: AbortSignal;
}

/** Returns a job that is held from now on, within its activity. `id`: tells it from the other jobs of its run. */
export function holding(job: OpenJob, { id, since }: { readonly id: string; readonly since: number }): Held {
  const { workflowId = '', runId } = Context.current().info.workflowExecution ?? {};
  let close: Held['close'] = () => undefined;
  const closed = new Promise<CloseJobInput>((resolve) => {
    close = resolve;
  });
  return {
    ...{ job, workflowId, runId },
    hold: holdOf({ runId, id }),
    ending: new AbortController(),
    closed,
    close,
    atWork: new Set(),
    ran: new Map(),
    since,
    hasWorked: false,
  };
}

/** Returns why a job is closed. Throws when nobody closes it in time, and the `CancelledFailure`. */
export async function untilClosed({ closed }: Held, mostMs: number): Promise<CloseJobInput> {
  const { cancelled } = Context.current();
  const because = `the job was held for ${Math.round(mostMs / 1000)} s, longer than it may take, and its run has not closed it: does a worker do the work of its run?`;
  return withDeadline({ ms: mostMs, error: () => refused(because) }, () => Promise.race([closed, cancelled]));
}

/** Returns what work does in a job's workspace. */
export function inWorkspace<T>({ atWork }: Held, work: Promise<T>): Promise<T> {
  atWork.add(work);
  return work.finally(() => atWork.delete(work));
}

/** Returns what ran before a step, but for background steps, which are begun again where the job goes on there. */
export function soFar({ ran, since, ending }: Held, number: number): Progress {
  const before = [...ran.values()].filter((one) => one.number < number && !one.step.background);
  return { ran: before, since, signal: ending.signal };
}

/** Returns the failure of what is asked of a job that this process does not hold. */
export function lost(): ApplicationFailure {
  const type: FailureType = 'JobLost';
  return ApplicationFailure.nonRetryable('this worker does not hold the job, or no more', type);
}
