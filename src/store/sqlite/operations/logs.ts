import type { LinePatterns, LogRow } from '../../backend.js';
import type { JobKey, LinesAsked, LogExtent, NewLogLine } from '../../store.js';
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

const OF_JOB = 'job = (SELECT seq FROM log_jobs WHERE workflow_id = ? AND job = ?)';
const COLUMNS = 'number, at, stream, step, attempt, text';

/** Returns lines in the order of their numbers. */
export function readLines(
  connection: Connection,
  { job, after, before = Number.MAX_SAFE_INTEGER, limit, newest, notes }: LinesAsked & { job: JobKey },
): LogRow[] {
  const from = notes ? "log_lines INDEXED BY log_notes WHERE stream = 'note' AND" : 'log_lines WHERE';
  const rows = connection.rows<LogRow>(
    `SELECT ${COLUMNS} FROM ${from} ${OF_JOB} AND number > ? AND number < ?
     ORDER BY number ${newest ? 'DESC' : 'ASC'} LIMIT ?`,
    job.workflowId,
    job.job,
    after,
    before,
    limit,
  );
  return newest ? rows.reverse() : rows;
}

/** Reads an end each of the index. */
export function logExtent(connection: Connection, { workflowId, job }: JobKey): LogExtent | undefined {
  const end = (order: 'ASC' | 'DESC') =>
    connection.rows<{ number: number }>(
      `SELECT number FROM log_lines WHERE ${OF_JOB} ORDER BY number ${order} LIMIT 1`,
      workflowId,
      job,
    )[0]?.number;
  const [first, last] = [end('ASC'), end('DESC')];
  return first === undefined || last === undefined ? undefined : { first, last };
}

/** Returns the lines that match, in the order of their numbers, and how many there are of them. */
export function searchLines(
  connection: Connection,
  { job, patterns, from, to, limit, newest }: LinePatterns & { job: JobKey },
): { rows: LogRow[]; count: number } {
  const matches = patterns.map(() => "text LIKE ? ESCAPE '\\'").join(' OR ');
  const where = `${OF_JOB} AND number BETWEEN ? AND ? AND (${matches})`;
  const values = [job.workflowId, job.job, from, to, ...patterns];
  const rows = connection.rows<LogRow>(
    `SELECT ${COLUMNS} FROM log_lines WHERE ${where} ORDER BY number ${newest ? 'DESC' : 'ASC'} LIMIT ?`,
    ...values,
    limit,
  );
  const [counted] =
    rows.length < limit
      ? [{ count: rows.length }]
      : connection.rows<{ count: number }>(`SELECT count(*) AS count FROM log_lines WHERE ${where}`, ...values);
  return { rows: newest ? rows.reverse() : rows, count: counted?.count ?? 0 };
}

/** Returns the names of jobs in the order of their first lines. */
export function listJobs(connection: Connection, workflowId: string): string[] {
  return connection
    .rows<{ job: string }>('SELECT job FROM log_jobs WHERE workflow_id = ? ORDER BY seq', workflowId)
    .map(({ job }) => job);
}

/** Removes lines, oldest first, and returns how many. Jobs that have no lines left are forgotten. */
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
