/** A piece of an author's work: the code of a run between its activities, or one of its activities. */
export interface Piece {
  /** Of the run. */
  readonly workflowId: string;
  /** One of those that have this workflow id one after the other; unknown for code. */
  readonly runId?: string | undefined;
  /** {@link CODE}, or an activity's name. */
  readonly at: string;
  /** Of the activity, which is the same in each attempt. */
  readonly id?: string | undefined;
  /** When it began, in Unix ms, while it is at work. */
  readonly since?: number | undefined;
}

/** What a careful worker does beside: jobs, and Hookyard's own activities. */
export type Beside = 'jobs' | 'own';

/** What a run is at work at between its activities. */
export const CODE = 'workflow code';

/** Notes what a careful worker is at work on, so that what was at work when its process died is known. */
export interface WorkNotes {
  /** Returns when it is noted. Never throws. */
  begins(piece: Piece): void;
  /** Notes that it has ended, and has done no harm. */
  ends(piece: Piece): void;
  /** Notes that one more, or one less, is at work beside. Never throws. */
  beside(kind: Beside, change: 1 | -1): void;
}
