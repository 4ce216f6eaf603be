import type { LinePatterns, LogRow } from '../../backend.js';
import type { JobKey, LinesAsked, LogExtent, NewLogLine } from '../../store.js';
import type { Queries } from '../database.js';
import { whole } from '../values.js';

/** Numbers the lines and keeps them. The job's row is taken first: two writers of one job get different numbers. */
export async function appendLines(
  queries: Queries,
  { job, lines }: { job: JobKey; lines: readonly NewLogLine[] },
): Promise<void> {
  if (lines.length === 0) return;
  await queries.rows(
    `WITH taken AS (
       INSERT INTO hookyard_log_jobs AS j (workflow_id, job, last_number) VALUES ($1, $2, $3::bigint)
       ON CONFLICT (workflow_id, job) DO UPDATE SET last_number = j.last_number + excluded.last_number
       RETURNING seq, last_number - $3::bigint AS before
     )
     INSERT INTO hookyard_log_lines (job, number, at, stream, step, attempt, text)
     SELECT taken.seq, taken.before + l.place, l.at, l.stream, l.step, l.attempt, l.text
     FROM taken, unnest($4::bigint[], $5::text[], $6::text[], $7::integer[], $8::text[])
                   WITH ORDINALITY AS l (at, stream, step, attempt, text, place)`,
    job.workflowId,
    job.job,
    lines.length,
    lines.map(({ at }) => at),
    lines.map(({ stream }) => stream),
    lines.map(({ step }) => step ?? null),
    lines.map(({ attempt }) => attempt),
    lines.map(({ text }) => text),
  );
}

const OF_JOB = 'job = (SELECT seq FROM hookyard_log_jobs WHERE workflow_id = $1 AND job = $2)';
const COLUMNS = 'number, at, stream, step, attempt, text';

/** Returns lines in the order of their numbers. */
export async function readLines(
  queries: Queries,
  { job, after, before = Number.MAX_SAFE_INTEGER, limit, newest, notes }: LinesAsked & { job: JobKey },
): Promise<LogRow[]> {
  const rows = await queries.rows<LogRow>(
    `SELECT ${COLUMNS} FROM hookyard_log_lines
     WHERE ${notes ? "stream = 'note' AND" : ''} ${OF_JOB} AND number > $3::bigint AND number < $4::bigint
     ORDER BY number ${newest ? 'DESC' : 'ASC'} LIMIT $5`,
    job.workflowId,
    job.job,
    after,
    before,
    limit,
  );
  return newest ? rows.reverse() : rows;
}

/** Reads an end each of the index. */
export async function logExtent(queries: Queries, { workflowId, job }: JobKey): Promise<LogExtent | undefined> {
  const [found] = await queries.rows<{ first: number | null; last: number | null }>(
    `SELECT min(number) AS first, max(number) AS last FROM hookyard_log_lines WHERE ${OF_JOB}`,
    workflowId,
    job,
  );
  return found?.first == null || found.last === null ? undefined : { first: found.first, last: found.last };
}

/** Returns the lines that match, in the order of their numbers, and how many there are of them. */
export async function searchLines(
  queries: Queries,
  { job, patterns, from, to, limit, newest }: LinePatterns & { job: JobKey },
): Promise<{ rows: LogRow[]; count: number }> {
  const where = `${OF_JOB} AND number BETWEEN $3::bigint AND $4::bigint AND text ILIKE ANY ($5::text[])`;
  const values = [job.workflowId, job.job, from, to, patterns];
  const rows = await queries.rows<LogRow>(
    `SELECT ${COLUMNS} FROM hookyard_log_lines WHERE ${where} ORDER BY number ${newest ? 'DESC' : 'ASC'} LIMIT $6`,
    ...values,
    limit,
  );
  const [counted] =
    rows.length < limit
      ? [{ count: rows.length }]
      : await queries.rows<{ count: number }>(
          `SELECT count(*) AS count FROM hookyard_log_lines WHERE ${where}`,
          ...values,
        );
  return { rows: newest ? rows.reverse() : rows, count: counted?.count ?? 0 };
}

/** Returns the names of jobs in the order of their first lines. */
export async function listJobs(queries: Queries, workflowId: string): Promise<string[]> {
  const rows = await queries.rows<{ job: string }>(
    'SELECT job FROM hookyard_log_jobs WHERE workflow_id = $1 ORDER BY seq',
    workflowId,
  );
  return rows.map(({ job }) => job);
}

/**
 * Removes lines, oldest first, and returns how many. Jobs that have no lines left, and get none at this moment, are
 * forgotten. To be called in a transaction of its own.
 */
export async function pruneLines(
  queries: Queries,
  { before, limit }: { before: number; limit: number },
): Promise<number> {
  const old = await queries.rows<{ job: number }>(
    `DELETE FROM hookyard_log_lines WHERE (job, number) IN (
       SELECT job, number FROM hookyard_log_lines WHERE at < $1::bigint ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING job`,
    whole(before),
    limit,
  );
  if (old.length === 0) return 0;
  const idle = await queries.rows<{ seq: number }>(
    'SELECT seq FROM hookyard_log_jobs WHERE seq = ANY($1::bigint[]) FOR UPDATE SKIP LOCKED',
    [...new Set(old.map(({ job }) => job))],
  );
  // A statement of its own: it sees lines that were added before the lock was had.
  await queries.rows(
    `DELETE FROM hookyard_log_jobs j WHERE j.seq = ANY($1::bigint[])
       AND NOT EXISTS (SELECT 1 FROM hookyard_log_lines l WHERE l.job = j.seq)`,
    idle.map(({ seq }) => seq),
  );
  return old.length;
}
