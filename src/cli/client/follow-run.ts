import { setTimeout as wait } from 'node:timers/promises';
import type { LogsAnswer, RunState } from '../../server/api/contract.js';
import { logLine } from '../format/log-line.js';
import { typedWord } from '../format/typed-word.js';
import { ServerAway, UserError } from '../user-error.js';
import type { Api } from './api.js';
import { noRun } from './unknown-names.js';

/** Between two looks: while lines come, and once none has come for a while. */
const [SOON_MS, LATER_MS] = [300, 2_000];
const QUIET_MS = 60_000;
/** How long the server is asked again for a run that it does not know: one that is just being started is known by then. */
const UNKNOWN_MS = 5_000;
/** How long a server that has answered before may be away, as one that is started again is: since it first failed to answer. */
const AWAY_MS = 120_000;
/** Lines that are asked for at once. */
const MAX_LINES = 500;

type FollowApi = Pick<Api, 'run' | 'logs'>;

/** How a run is followed. */
export interface Following {
  readonly onLine: (line: string) => void;
  /** Called before the server is asked again. What it throws ends the following. */
  readonly onPoll?: () => void;
  /** Default: a run may take as long as it likes, one that waits for people takes days. In milliseconds. */
  readonly deadlineMs?: number;
  /** Between two looks, in milliseconds; default: as lines come. */
  readonly pauseMs?: number;
}

/**
 * Prints the lines of a run's jobs as they come, and returns its state once it has ended, however long that takes. Throws
 * {@link UserError} when it has not within `deadlineMs`, when there is no such run, when the server is away for two
 * minutes, and at once when it refuses to answer.
 */
export async function followRun(
  api: FollowApi,
  workflowId: string,
  { onLine, onPoll, deadlineMs = Number.POSITIVE_INFINITY, pauseMs }: Following,
): Promise<RunState> {
  const began = Date.now();
  let [seenAt, wroteAt] = [began, began];
  let awaySince: number | undefined;
  const reader = createLogReader(api, workflowId, (line) => {
    wroteAt = Date.now();
    onLine(line);
  });
  let isKnown = false;
  while (Date.now() < began + deadlineMs) {
    try {
      const run = await api.run(workflowId);
      isKnown ||= run !== undefined;
      // The lines are asked for after the state, so that a run that has ended has all its lines here.
      await reader.read();
      if (run && hasEnded(run)) return run;
      isKnown ||= reader.hasRead();
      awaySince = undefined;
      if (run) seenAt = Date.now();
    } catch (error) {
      if (!(error instanceof ServerAway) || !isKnown) throw error;
      // Nobody has said that there is no such run.
      seenAt = Date.now();
      awaySince ??= seenAt;
      // Lines that have come since are answers too: of a long output it may be asked for many times within one look.
      if (seenAt > Math.max(awaySince, wroteAt) + AWAY_MS) throw error;
    }
    if (Date.now() > Math.max(seenAt, wroteAt) + UNKNOWN_MS) noRun(workflowId);
    await wait(pauseMs ?? (Date.now() > wroteAt + QUIET_MS ? LATER_MS : SOON_MS));
    onPoll?.();
  }
  throw new UserError(
    `The run has not ended within ${deadlineMs / 60_000} minutes; it goes on. See: npx hookyard logs ${typedWord(workflowId)}`,
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
