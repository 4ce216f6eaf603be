import type { AttemptRow } from '../../backend.js';
import type { AttemptFilter, OutboundAttempt } from '../../store.js';
import type { Queries } from '../database.js';
import { whole } from '../values.js';

/** Keeps one try. */
export async function addAttempt(queries: Queries, attempt: OutboundAttempt): Promise<void> {
  await queries.rows(
    `INSERT INTO hookyard_outbound_attempts (message_id, endpoint, attempt, at, duration_ms, status, error, answer, run)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    attempt.messageId,
    attempt.endpoint,
    attempt.attempt,
    attempt.at,
    attempt.durationMs,
    attempt.status,
    attempt.error,
    attempt.answer,
    attempt.run,
  );
}

/** Returns tries, newest first. */
export function listAttempts(
  queries: Queries,
  { messageId, endpoint, before, limit }: AttemptFilter,
): Promise<AttemptRow[]> {
  const values: (string | number)[] = [limit];
  const conditions: string[] = [];
  if (messageId !== undefined) conditions.push(`message_id = $${values.push(messageId)}`);
  if (endpoint !== undefined) conditions.push(`endpoint = $${values.push(endpoint)}`);
  if (before !== undefined) conditions.push(`at < $${values.push(whole(before))}::bigint`);
  return queries.rows<AttemptRow>(
    `SELECT message_id AS "messageId", endpoint, run, attempt, at, duration_ms AS "durationMs", status, error, answer
     FROM hookyard_outbound_attempts ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY at DESC, seq DESC LIMIT $1`,
    ...values,
  );
}

/** Removes tries, oldest first, and returns how many. */
export async function pruneAttempts(
  queries: Queries,
  { before, limit }: { before: number; limit: number },
): Promise<number> {
  const gone = await queries.rows(
    `DELETE FROM hookyard_outbound_attempts WHERE seq IN (
       SELECT seq FROM hookyard_outbound_attempts WHERE at < $1::bigint
       ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING seq`,
    whole(before),
    limit,
  );
  return gone.length;
}
