import type { AttemptRow } from '../../backend.js';
import type { AttemptFilter, OutboundAttempt } from '../../store.js';
import type { Bindable, Connection } from '../connection.js';

/** Keeps one try. */
export function addAttempt(connection: Connection, attempt: OutboundAttempt): void {
  connection.run(
    `INSERT INTO outbound_attempts (message_id, endpoint, run, attempt, at, duration_ms, status, error, answer)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    attempt.messageId,
    attempt.endpoint,
    attempt.run,
    attempt.attempt,
    attempt.at,
    attempt.durationMs,
    attempt.status,
    attempt.error,
    attempt.answer,
  );
}

/** Returns tries, newest first. */
export function listAttempts(connection: Connection, filter: AttemptFilter): AttemptRow[] {
  const conditions: [string, Bindable][] = [];
  if (filter.messageId !== undefined) conditions.push(['message_id = ?', filter.messageId]);
  if (filter.endpoint !== undefined) conditions.push(['endpoint = ?', filter.endpoint]);
  if (filter.before !== undefined) conditions.push(['at < ?', filter.before]);
  const where = conditions.length > 0 ? `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}` : '';
  return connection.rows<AttemptRow>(
    `SELECT message_id AS messageId, endpoint, run, attempt, at, duration_ms AS durationMs, status, error, answer
     FROM outbound_attempts ${where} ORDER BY at DESC, seq DESC LIMIT ?`,
    ...conditions.map(([, value]) => value),
    filter.limit,
  );
}

/** Removes tries, oldest first, and returns how many. */
export function pruneAttempts(connection: Connection, { before, limit }: { before: number; limit: number }): number {
  return connection.run(
    'DELETE FROM outbound_attempts WHERE seq IN (SELECT seq FROM outbound_attempts WHERE at < ? ORDER BY at LIMIT ?)',
    before,
    limit,
  ).changes;
}
