/** A piece of an author's work: the code of a run between its activities, or one of its activities. */
export interface Piece {
  /** Of the run. */
  readonly workflowId: string;
  /** {@link CODE}, or an activity's name. */
  readonly at: string;
  /** Of the activity, which is the same in each attempt. */
  readonly id?: string | undefined;
}

/** What a run is at work at between its activities. */
export const CODE = 'workflow code';

/** Notes what a careful worker is at work on, so that what was at work when its process died is known. */
export interface WorkNotes {
  /** Returns when it is noted. Never throws. */
  begins(piece: Piece): void;
  /** Notes that it has ended, and has done no harm. */
  ends(piece: Piece): void;
}
