/** The output of jobs. Temporal carries references to it, never the text. */
export interface LogStore {
  append(job: JobKey, lines: readonly NewLogLine[]): Promise<void>;
  /** Lines after number `after` (0 for all), in order. */
  read(job: JobKey, options: { after: number; limit: number }): Promise<LogLine[]>;
  /** Names of a run's jobs that have written anything, in order of their first line. */
  jobs(workflowId: string): Promise<string[]>;
  /** Deletes up to `limit` lines written before `before` (Unix ms). */
  prune(options: { before: number; limit: number }): Promise<number>;
}

/** A job of a run. */
export interface JobKey {
  readonly workflowId: string;
  readonly job: string;
}

/** A line of output to be stored. */
export interface NewLogLine {
  /** Unix ms. */
  readonly at: number;
  /** `note`: what Hookyard itself has to say. */
  readonly stream: 'stdout' | 'stderr' | 'note';
  readonly step?: string;
  readonly attempt: number;
  readonly text: string;
}

/** A stored line of output. */
export interface LogLine extends NewLogLine {
  /** Counts up from 1 within a job, over attempts. */
  readonly number: number;
}
