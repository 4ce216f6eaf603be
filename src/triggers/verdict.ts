import type { Preconditions, RunOptions } from '../runs/options.js';

/**
 * For one event of a delivery and one automation: started, or filtered and why. `because` is a sentence for people; it is
 * stored with the delivery.
 */
export type Verdict = StartVerdict | SkipVerdict | FilteredVerdict;

export interface StartVerdict {
  readonly automation: string;
  readonly outcome: 'start';
  readonly because: string;
  /** Workflow id of the run: known before it starts, because it is a name. */
  readonly workflowId: string;
  /** What is asked of the provider before it begins. */
  readonly asks?: Preconditions;
  /** Which of the delivery's events it is about, where there are several: counts from 0, which is left out. */
  readonly part?: number;
}

/** What a verdict asks to be started. */
export function startOf(verdict: StartVerdict | SkipVerdict) {
  const { automation, workflowId, part = 0, asks } = verdict;
  const how: RunOptions = {
    ...(verdict.outcome === 'skip' && { skip: verdict.because }),
    ...(asks && { asks }),
  };
  return { automation, workflowId, part, ...(Object.keys(how).length > 0 && { how }) };
}

/** Filtered, by an automation whose checks a merge may wait for: a run is started that only reports them as skipped. */
export interface SkipVerdict extends Omit<StartVerdict, 'outcome'> {
  readonly outcome: 'skip';
}

export interface FilteredVerdict {
  readonly automation: string;
  readonly outcome: 'filtered';
  readonly because: string;
  readonly part?: number;
}

/** The verdicts that ask Temporal for a run. */
export function asksForRun(verdict: Verdict): verdict is StartVerdict | SkipVerdict {
  return verdict.outcome !== 'filtered';
}
