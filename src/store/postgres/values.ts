/** What may be given to a statement's `$n`. `undefined` becomes NULL. */
export type Value = string | number | Buffer | null | undefined | readonly (string | number | null | undefined)[];

/**
 * Returns a value as it is. Postgres refuses text with a NUL in it: throws before anything is sent, in the words of the other stores.
 */
export function checked(value: Value): Value {
  if (typeof value === 'string' ? value.includes('\0') : Array.isArray(value) && value.some(hasNul)) {
    throw new TypeError('The store cannot hold a name with a NUL character in it.');
  }
  return value;
}

function hasNul(value: unknown): boolean {
  return typeof value === 'string' && value.includes('\0');
}

/** Returns a time or a bound in Unix ms for a bigint: whole, and within what JavaScript counts exactly. */
export function whole(ms: number): number {
  return Math.min(Math.max(Math.ceil(ms), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/**
 * Returns how long ago a time is, in whole milliseconds, by the clock of this process that has told it. What the database has noted
 * by its own clock, {@link NOW_MS}, is compared with that alone: the two may be far apart.
 */
export function agoMs(time: number): number {
  return whole(Date.now() - time);
}

/** The database's clock in Unix ms: the one clock that all processes share. It stands still within a statement. */
export const NOW_MS = 'floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint';
