import type { StepResult } from '../../../activities/contract/index.js';
import type { RunState } from './run-state.js';
import type { ListedRun } from './runs.js';

/** `GET /api/runs/whole?name=<as below>`: what a run is about, and all of its state. */
export interface WholeRunAnswer {
  /** Its workflow id. */
  readonly run: string;
  readonly state: RunState;
  /** Absent before it has begun, and where Temporal does not know it any more. */
  readonly about?: ListedRun;
  /** Our id of the delivery that asked for it; absent where none did, or it is not kept any more. */
  readonly delivery?: string;
  /** Names of its jobs that have written anything. */
  readonly jobs: readonly string[];
  /** What it has done and waited for, in the order in which it began; absent where Temporal does not tell in time. */
  readonly timeline?: readonly TimelineEntry[];
}

/** Something that a run did, or waited for. */
export interface TimelineEntry {
  /** `queue`: a job waits for a slot. `prepare`: its checkout. `step`: of a job. `wait`: for a person, a lane or an event. */
  readonly kind: 'queue' | 'prepare' | 'step' | 'wait' | 'activity';
  /** What it is called in Temporal. */
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Absent while it goes on. */
  readonly endedAt?: string;
  readonly state: 'running' | 'passed' | 'failed' | 'cancelled' | 'skipped';
  /** Of an activity: how often it was tried. */
  readonly attempt?: number;
  /** Why it did not pass. */
  readonly because?: string;
  /** Of a step: what it came to. */
  readonly step?: StepResult;
}
