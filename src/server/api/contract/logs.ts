import type { LogExtent, LogLine, LogRange } from '../../../store/store.js';

/** `GET /api/logs` */
export interface LogsAnswer {
  /** Names of the run's jobs that have written anything. */
  readonly jobs: readonly string[];
  /** Lines of the job that was asked for. */
  readonly lines: readonly LogLine[];
}

/** `GET /api/logs/search`: what was found in the lines `from` to `to`. */
export interface LogSearchAnswer extends LogRange {
  readonly lines: readonly LogLine[];
  /** How many lines were found there, also those that are not listed. */
  readonly count: number;
  /** Where to look on; absent where all lines have been looked at. */
  readonly next?: number;
}

/** `GET /api/logs/open`: the part of a job's log that is looked at first, or that was asked for. */
export interface LogAnswer {
  /** Workflow id. */
  readonly run: string;
  readonly job: string;
  /** Names of the run's jobs that have written anything. */
  readonly jobs: readonly string[];
  /** Whether more may be written. */
  readonly open: boolean;
  /** Absent where nothing is kept. */
  readonly extent?: LogExtent;
  /** In the order in which they began. */
  readonly steps: readonly LogStep[];
  /** Where it went wrong. Absent where the lines after or before a number were asked for. */
  readonly failing?: FailingLine;
  /** The lines that it is opened at. */
  readonly at?: LogRange;
  readonly lines: readonly ShownLine[];
  /** Parts of these lines that the output itself puts under a heading. */
  readonly groups: readonly LogGroup[];
  /** What was looked for. */
  readonly search?: LogLook;
}

/** A step of a job, as its log tells of it. */
export interface LogStep {
  /** Which of the job's steps it is, from 1. */
  readonly number: number;
  readonly name: string;
  /** Above 1 where it ran again. */
  readonly attempt: number;
  readonly from: number;
  /** Of its last line; absent while it runs, or where nobody saw it end. */
  readonly to?: number;
  /** Unix ms. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly state: 'running' | 'passed' | 'failed' | 'stopped';
  /** How it ended, in words. */
  readonly said?: string;
}

/** Where a job went wrong. */
export interface FailingLine {
  readonly line: number;
  /** `marked`: it names a failing test, or a place and what is wrong there. `error`: it reads like an error. `end`: the last one. */
  readonly by: 'marked' | 'error' | 'end';
  /** Of the step. */
  readonly step: string;
}

/** A line of output, and how terminals show it. */
export interface ShownLine extends LogLine {
  /** Absent where the text holds no control characters. */
  readonly pieces?: readonly LogPiece[];
  /** It reads like an error. */
  readonly error?: true;
}

/** A part of a line that looks alike. */
export interface LogPiece {
  readonly text: string;
  /** Classes of the page's style sheet. */
  readonly style?: string;
  /** A web address that it leads to. */
  readonly href?: string;
}

/** Lines under a heading, both included; the first is the one that has it. */
export interface LogGroup extends LogRange {
  readonly title: string;
  /** Whether it is shown at once. */
  readonly open: boolean;
}

/** How far somebody has looked, and for what. */
export interface LogLook extends LogRange {
  /** `failure`: the next line that reads like an error. */
  readonly kind: 'text' | 'failure';
  readonly text?: string;
  /** The line that was found. */
  readonly line?: number;
  /** How many were found from `from` to `to`. */
  readonly count: number;
  /** Where to look on; absent where all lines have been looked at. */
  readonly next?: number;
}
