import { DEFAULT_PRIORITY, type LaneClaim } from '../lanes/concurrency.js';
import type { Preconditions, RunOptions } from '../runs/options.js';

/**
 * What becomes of one event of a delivery and one automation: it starts, or is filtered. Stored with the delivery;
 * `because` is a sentence for people.
 */
export type Verdict = StartVerdict | SkipVerdict | FilteredVerdict;

/** A run starts. */
export interface StartVerdict {
  readonly automation: string;
  readonly outcome: 'start';
  readonly because: string;
  /** Workflow id of the run: made of names, so it is known before the run starts. */
  readonly workflowId: string;
  /** What has to be found out before the run's own work begins. */
  readonly asks?: Preconditions;
  /** The lane that it runs in. */
  readonly lane?: LaneClaim;
  /** Index of the event among the delivery's. 0 is left out. */
  readonly part?: number;
}

/** Returns the run that a verdict starts. */
export function startOf(verdict: StartVerdict | SkipVerdict) {
  const { automation, workflowId, part = 0, asks, lane } = verdict;
  const how: RunOptions = {
    ...(verdict.outcome === 'skip' && { skip: verdict.because }),
    ...(asks && { asks }),
    ...(lane && { lane: lane.title }),
    ...(lane && lane.priority !== DEFAULT_PRIORITY && { priority: lane.priority }),
  };
  return { automation, workflowId, part, ...(Object.keys(how).length > 0 && { how }), ...(lane && { lane }) };
}

/** Filtered, but a merge may wait for the automation's checks: a run starts that only reports them as skipped. */
export interface SkipVerdict extends Omit<StartVerdict, 'outcome'> {
  readonly outcome: 'skip';
}

/** Nothing starts. */
export interface FilteredVerdict {
  readonly automation: string;
  readonly outcome: 'filtered';
  readonly because: string;
  readonly part?: number;
}

/** Returns whether a verdict starts a run. */
export function asksForRun(verdict: Verdict): verdict is StartVerdict | SkipVerdict {
  return verdict.outcome !== 'filtered';
}
