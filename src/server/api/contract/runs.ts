import type { RunOutcome } from '../../../events/event.js';
import type { WAITING_FOR } from '../../../runs/search-attributes.js';

/**
 * `waiting`: not started yet. `superseded`, `refused`: by its lane, so that it never begins. `failed to start`: Temporal refused it for good. `forgotten`: Temporal had it and keeps it no
 * longer. `unknown`: Temporal did not answer in time.
 */
export type RunStatus =
  | 'waiting'
  | 'running'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'terminated'
  | 'timed out'
  | 'failed to start'
  | 'superseded'
  | 'refused'
  | 'forgotten'
  | 'unknown';

/** `GET /api/runs/list`: a page of runs. First those that are open, newest first, then the others by their end. */
export interface RunsAnswer {
  readonly runs: readonly ListedRun[];
  /** The `page` of the next page; absent on the last one. */
  readonly next?: string;
}

/** A run as it is listed. */
export interface ListedRun {
  /** Its workflow id. */
  readonly run: string;
  /** Temporal's id of it. */
  readonly runId: string;
  readonly automation: string;
  readonly status: RunStatus;
  /** How it has ended; absent of one that is open, and of one that completed under a version which did not tell. */
  readonly outcome?: RunOutcome;
  /** What it waits for, before its own work begins. */
  readonly waitsFor?: (typeof WAITING_FOR)[number];
  readonly repository?: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly pullRequest?: number;
  readonly source?: string;
  /** Our id of the delivery. */
  readonly delivery?: string;
  /** ISO 8601, as `endedAt`. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Its page in the Temporal UI. */
  readonly url?: string;
}

/** `GET /api/runs/named?name=<workflow id, a beginning of it, a delivery, or latest [automation]>` */
export interface NamedRunAnswer {
  /** Its workflow id. */
  readonly run: string;
}

/** `POST /api/runs/cancel`: what this call has cancelled, or would. */
export interface CancelAnswer {
  /** Workflow ids. */
  readonly runs: readonly string[];
  /** Those that could not be cancelled, and why not, or why it is not known which others there are: to be asked for again. */
  readonly failed?: readonly string[];
  readonly because?: string;
  /** The `page` of the next call; absent when there are no more. */
  readonly next?: string;
}

/** `POST /api/runs/rerun?name=<as above>` */
export interface RerunAnswer {
  /** Workflow id of the new run. */
  readonly run: string;
  /** Workflow id of the run that it repeats. */
  readonly rerunOf: string;
  /** Our id of the delivery. */
  readonly delivery: string;
}

/** `POST /api/automations/<name>/runs` */
export interface ManualRunAnswer {
  /** Our id of the delivery that the run is stored as. */
  readonly delivery: string;
  /** Workflow id. */
  readonly run: string;
  /** The run was asked for before, by the same id. */
  readonly duplicate?: true;
}

/** `GET /api/runs/stuck` */
export interface StuckRunsAnswer {
  readonly runs: readonly StuckRun[];
  /** False if there are more runs than were looked at. */
  readonly complete: boolean;
}

/** A run that does not go on by itself, and why. */
export interface StuckRun {
  /** Its workflow id. */
  readonly run: string;
  readonly automation: string;
  /** When it was started, as ISO 8601. */
  readonly since: string;
  readonly because: string;
  /** What a person can do. */
  readonly helps: string;
  /** Its page in the Temporal UI. */
  readonly url?: string;
}
