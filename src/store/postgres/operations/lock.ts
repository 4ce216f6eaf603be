import { createHash } from 'node:crypto';
import type { Queries } from '../database.js';

/**
 * Locks names until the transaction ends; waits for whoever holds one. Two names may share a lock, which only makes
 * them wait for each other. In one order for everybody, so that nobody waits in a circle.
 */
export async function lockNames(queries: Queries, names: readonly string[]): Promise<void> {
  const numbers = [...new Set(names.map(lockNumber))].sort((a, b) => (a < b ? -1 : 1));
  await queries.rows(
    'SELECT count(pg_advisory_xact_lock(number)) FROM unnest($1::bigint[]) AS number',
    numbers.map(String),
  );
}

/** Locks that lanes share: one transaction may touch thousands of lanes, and a server has only some thousands of locks. */
const LANE_LOCKS = 1024;

/** Locks lanes as {@link lockNames} does: after the names of deliveries, and before any row. */
export async function lockLanes(queries: Queries, lanes: readonly string[]): Promise<void> {
  await lockNames(
    queries,
    lanes.map((lane) => `lane\0${lockNumber(lane) & BigInt(LANE_LOCKS - 1)}`),
  );
}

function lockNumber(name: string): bigint {
  return createHash('sha256').update(name).digest().readBigInt64BE();
}
