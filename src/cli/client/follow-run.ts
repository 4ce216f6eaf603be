import { setTimeout as wait } from 'node:timers/promises';
import { harmless, paint } from '../format/paint.js';
import { UserError } from '../user-error.js';
import type { Api } from './api.js';

/** `GET /api/runs` */
interface RunAnswer {
  /** `waiting`, `running`, `completed`, `failed`, `cancelled`, …; `unknown` while Temporal does not answer. */
  readonly status: string;
  /** Of its builds, once it has completed. */
  readonly outcome?: string;
  readonly error?: string;
  readonly url?: string;
}

/** `GET /api/logs` */
interface LogAnswer {
  readonly jobs: readonly string[];
  readonly lines: readonly LogAnswerLine[];
}

export interface LogAnswerLine {
  readonly number: number;
  readonly at: number;
  readonly stream: 'stdout' | 'stderr' | 'note';
  readonly step?: string;
  readonly attempt: number;
  readonly text: string;
}

export interface RunEnd {
  readonly status: string;
  readonly outcome?: string;
  readonly error?: string;
  readonly url?: string;
}

const OPEN = ['waiting', 'running', 'unknown'];

/** How long a run that nobody knows is asked for again: one that is just being started is known by then. */
const UNKNOWN_MS = 5_000;

/**
 * Passes on the lines of a run's jobs as they come, until the run has ended. Throws {@link UserError} when it has not
 * within `deadlineMs`, or when there is no such run.
 */
export async function followRun(
  api: Api,
  workflowId: string,
  { onLine, deadlineMs = 10 * 60_000 }: { onLine: (line: string) => void; deadlineMs?: number },
): Promise<RunEnd> {
  const seen = new Map<string, number>();
  const until = Date.now() + deadlineMs;
  let known = false;
  const unknownUntil = Date.now() + UNKNOWN_MS;
  while (Date.now() < until) {
    const run = await api.get<RunAnswer>('runs', { id: workflowId });
    // The lines are asked for after the state, so that a run that has ended has all its lines here.
    await passOn(api, workflowId, seen, onLine);
    if (run && !OPEN.includes(run.status)) {
      const { outcome } = run;
      return {
        status: run.status,
        ...(outcome && { outcome }),
        ...(run.error && { error: run.error }),
        ...(run.url && { url: run.url }),
      };
    }
    known ||= run !== undefined || seen.size > 0;
    if (!known && Date.now() > unknownUntil)
      throw new UserError(`There is no run "${harmless(workflowId)}"; npx hookyard deliveries lists what ran`);
    await wait(300);
  }
  throw new UserError(
    `The run has not ended within ${deadlineMs / 60_000} minutes; it goes on. See: npx hookyard logs ${workflowId}`,
  );
}

/** Reads what is new of every job of a run. */
export async function passOn(
  api: Api,
  run: string,
  seen: Map<string, number>,
  onLine: (line: string) => void,
): Promise<void> {
  const jobs = (await api.get<LogAnswer>('logs', { run }))?.jobs ?? [];
  for (const job of jobs) {
    for (;;) {
      const after = seen.get(job) ?? 0;
      const lines = (await api.get<LogAnswer>('logs', { run, job, after, limit: 500 }))?.lines ?? [];
      for (const line of lines) onLine(tellLine(line, jobs.length > 1 ? job : undefined));
      seen.set(job, lines.at(-1)?.number ?? after);
      if (lines.length < 500) break;
    }
  }
}

function tellLine(line: LogAnswerLine, job: string | undefined): string {
  const text = harmless(line.text);
  const shown = line.stream === 'note' ? paint('cyan', `· ${text}`) : `  ${text}`;
  return job ? `${paint('gray', job)} ${shown}` : shown;
}
