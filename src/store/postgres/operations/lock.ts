import { createHash } from 'node:crypto';
import type { Place } from '../../../waits/about.js';
import type { Queries } from '../database.js';

/**
 * Locks names until the transaction ends; waits for whoever holds one. Two names may share a lock, which only makes
 * them wait for each other. In one order for everybody, so that nobody waits in a circle. `shared` are held by several at
 * once, and only keep out who holds one alone.
 */
export async function lockNames(
  queries: Queries,
  names: readonly string[],
  shared: readonly string[] = [],
): Promise<void> {
  const alone = new Set(names.map(lockNumber));
  const numbers = [...new Set([...alone, ...shared.map(lockNumber)])].sort((a, b) => (a < b ? -1 : 1));
  await queries.rows(
    `SELECT count(CASE alone WHEN 1 THEN pg_advisory_xact_lock(number) ELSE pg_advisory_xact_lock_shared(number) END)
     FROM unnest($1::bigint[], $2::integer[]) AS n (number, alone)`,
    numbers.map(String),
    numbers.map((number) => (alone.has(number) ? 1 : 0)),
  );
}

/** Locks that repositories share, for the same reason as lanes do. */
const PLACE_LOCKS = 256;

/**
 * Returns the lock of a place. Whoever stores deliveries there shares it: once it was had alone, all deliveries with a lower running
 * number are there, and none comes in between any more.
 */
export function placeLock({ source, repository }: Place): string {
  return `place\0${lockNumber(`${source}\0${repository}`) & BigInt(PLACE_LOCKS - 1)}`;
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
