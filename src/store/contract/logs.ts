/** The output of jobs. Temporal carries references to it, never the text. */
export interface LogStore {
  append(job: JobKey, lines: readonly NewLogLine[]): Promise<void>;
  /** Lines after number `after` (0 for all) and before `before`, in order. */
  read(job: JobKey, options: LinesAsked): Promise<LogLine[]>;
  /** Numbers of the first and the last line that are kept; undefined where there is none. */
  extent(job: JobKey): Promise<LogExtent | undefined>;
  /** Looks for texts, whatever the case of their letters, in as many lines as asked for, and no more. */
  search(job: JobKey, options: LogSearch): Promise<FoundLines>;
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

/** Which lines of a job are read. */
export interface LinesAsked {
  readonly after: number;
  readonly before?: number;
  readonly limit: number;
  /** The last `limit` of them, and not the first. */
  readonly newest?: boolean;
  /** Only what Hookyard itself has to say: found without reading what lies between. */
  readonly notes?: boolean;
}

/** The numbers of a job's first and last line. */
export interface LogExtent {
  readonly first: number;
  readonly last: number;
}

/** What is looked for in the lines `from` to `to`, both included. */
export interface LogSearch extends LogRange {
  /** A line that holds one of them is found. 1 to 20 texts. */
  readonly texts: readonly string[];
  /** Of the lines that are found. */
  readonly limit: number;
  /** The last `limit` of them, and not the first. */
  readonly newest?: boolean;
}

/** Lines of a job by their numbers, both included. */
export interface LogRange {
  readonly from: number;
  readonly to: number;
}

/** Lines that were found, in order. */
export interface FoundLines {
  readonly lines: LogLine[];
  /** How many there are, also beyond the limit. */
  readonly count: number;
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
