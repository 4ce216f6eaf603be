import { setTimeout as wait } from 'node:timers/promises';
import type { LogsAnswer, RunState } from '../../server/api/contract.js';
import { logLine } from '../format/log-line.js';
import { UserError } from '../user-error.js';
import type { Api } from './api.js';
import { noRun } from './unknown-names.js';

const POLL_MS = 300;
/** How long the server is asked again for a run that it does not know: one that is just being started is known by then. */
const UNKNOWN_MS = 5_000;
/** Lines that are asked for at once. */
const MAX_LINES = 500;

type FollowApi = Pick<Api, 'run' | 'logs'>;

/**
 * Prints the lines of a run's jobs as they come, and returns its state once it has ended. Throws {@link UserError} when it
 * has not within `deadlineMs`, or when there is no such run.
 */
export async function followRun(
  api: FollowApi,
  workflowId: string,
  {
    onLine,
    onPoll,
    deadlineMs = 10 * 60_000,
  }: {
    readonly onLine: (line: string) => void;
    /** Called before the server is asked again. What it throws ends the following. */
    readonly onPoll?: () => void;
    readonly deadlineMs?: number;
  },
): Promise<RunState> {
  const reader = createLogReader(api, workflowId, onLine);
  const began = Date.now();
  let known = false;
  while (Date.now() < began + deadlineMs) {
    const run = await api.run(workflowId);
    // The lines are asked for after the state, so that a run that has ended has all its lines here.
    await reader.read();
    if (run && hasEnded(run)) return run;
    known ||= run !== undefined || reader.hasRead();
    if (!known && Date.now() > began + UNKNOWN_MS) noRun(workflowId);
    await wait(POLL_MS);
    onPoll?.();
  }
  throw new UserError(
    `The run has not ended within ${deadlineMs / 60_000} minutes; it goes on. See: npx hookyard logs ${workflowId}`,
  );
}

/** Whether a run will not change any more. */
export function hasEnded({ status }: RunState): boolean {
  return status !== 'waiting' && status !== 'running' && status !== 'unknown';
}

/** Whether a run has done its work: it completed, and its builds passed or were skipped, if it had any. */
export function hasSucceeded({ status, outcome }: RunState): boolean {
  return status === 'completed' && (outcome === undefined || outcome === 'passed' || outcome === 'skipped');
}

/** Reads what a run's jobs write. */
export interface LogReader {
  /** Passes on what every job of the run has written since the last call. */
  read(): Promise<void>;
  /** Whether any job has written anything. */
  hasRead(): boolean;
}

/** Reads the output of a run's jobs, a line at a time, each behind the name of its job. */
export function createLogReader(api: Pick<Api, 'logs'>, run: string, onLine: (line: string) => void): LogReader {
  /** Number of the last line that was read, by job. */
  const last = new Map<string, number>();
  return {
    hasRead: () => last.size > 0,
    async read() {
      const { jobs } = await api.logs({ run });
      for (const job of jobs) {
        let lines: LogsAnswer['lines'];
        do {
          const after = last.get(job) ?? 0;
          lines = (await api.logs({ run, job, after, limit: MAX_LINES })).lines;
          // Also of the first: nobody knows yet whether it is the only one.
          for (const line of lines) onLine(logLine(line, job));
          last.set(job, lines.at(-1)?.number ?? after);
        } while (lines.length === MAX_LINES);
      }
    },
  };
}
