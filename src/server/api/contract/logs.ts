import type { LogLine } from '../../../store/store.js';

/** `GET /api/logs` */
export interface LogsAnswer {
  /** Names of the run's jobs that have written anything. */
  readonly jobs: readonly string[];
  /** Lines of the job that was asked for. */
  readonly lines: readonly LogLine[];
}
