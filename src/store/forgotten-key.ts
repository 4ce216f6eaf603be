import { createHash } from 'node:crypto';

const FORGOTTEN = 'forgotten:';

/**
 * Returns the key that a delivery has once it was forgotten: a hash, which tells a delivery that comes again and nothing else.
 * Stored: it must not change.
 */
export function forgottenKey(source: string, key: string): string {
  return `${FORGOTTEN}${createHash('sha256').update(`${source}\0${key}`).digest('hex')}`;
}

/** Returns whether a delivery was forgotten: only its hashes are left. */
export function isForgotten({ key }: { readonly key: string }): boolean {
  return /^forgotten:[0-9a-f]{64}$/.test(key);
}
