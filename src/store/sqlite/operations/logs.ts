import type { LogRow } from '../../backend.js';
import type { JobKey, NewLogLine } from '../../store.js';
import type { Connection } from '../connection.js';

/** Numbers the lines and keeps them. */
export function appendLines(
  connection: Connection,
  { job, lines }: { job: JobKey; lines: readonly NewLogLine[] },
): void {
  if (lines.length === 0) return;
  // Takes the numbers first: two writers of one job get different ones.
  const [taken] = connection.rows<{ seq: number; last: number }>(
    `INSERT INTO log_jobs (workflow_id, job, last_number) VALUES (?, ?, ?)
     ON CONFLICT (workflow_id, job) DO UPDATE SET last_number = last_number + excluded.last_number
     RETURNING seq, last_number AS last`,
    job.workflowId,
    job.job,
    lines.length,
  );
  if (!taken) return;
  const first = taken.last - lines.length + 1;
  for (const [index, line] of lines.entries()) {
    connection.run(
      'INSERT INTO log_lines (job, number, at, stream, step, attempt, text) VALUES (?, ?, ?, ?, ?, ?, ?)',
      taken.seq,
      first + index,
      line.at,
      line.stream,
      line.step,
      line.attempt,
      line.text,
    );
  }
}

/** In order of their numbers. */
export function readLines(
  connection: Connection,
  { job, after, limit }: { job: JobKey; after: number; limit: number },
): LogRow[] {
  return connection.rows<LogRow>(
    `SELECT number, at, stream, step, attempt, text FROM log_lines
     WHERE job = (SELECT seq FROM log_jobs WHERE workflow_id = ? AND job = ?) AND number > ?
     ORDER BY number LIMIT ?`,
    job.workflowId,
    job.job,
    after,
    limit,
  );
}

/** In order of their first lines. */
export function listJobs(connection: Connection, workflowId: string): string[] {
  return connection
    .rows<{ job: string }>('SELECT job FROM log_jobs WHERE workflow_id = ? ORDER BY seq', workflowId)
    .map(({ job }) => job);
}

/** Oldest first; answers how many. Jobs that have no lines left are forgotten. */
export function pruneLines(connection: Connection, { before, limit }: { before: number; limit: number }): number {
  const old = connection.rows<{ job: number; number: number }>(
    'DELETE FROM log_lines WHERE (job, number) IN (SELECT job, number FROM log_lines WHERE at < ? ORDER BY at LIMIT ?) RETURNING job, number',
    before,
    limit,
  );
  connection.run(
    `DELETE FROM log_jobs WHERE seq IN (SELECT value FROM json_each(?))
       AND NOT EXISTS (SELECT 1 FROM log_lines l WHERE l.job = log_jobs.seq)`,
    JSON.stringify([...new Set(old.map(({ job }) => job))]),
  );
  return old.length;
}
