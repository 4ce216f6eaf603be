import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../secrets/secret.js';

/**
 * Returns whether two values are the same bytes. The time it takes tells neither how much is right nor how long they
 * are.
 */
export function isSame(given: string | Uint8Array, expected: string | Uint8Array): boolean {
  const digest = (value: string | Uint8Array) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * Returns whether a header holds a secret, in constant time. Node reads a header's bytes as Latin-1. Senders write what is
 * not ASCII as UTF-8, or as Latin-1 where they can.
 */
export function isSameInHeader(given: string, secret: string): boolean {
  const forms = [isSame(given, secret), isSame(Buffer.from(given, 'latin1'), secret)];
  return forms.includes(true);
}

/**
 * Returns whether one of the secrets passes, or one that it has replaced and that still counts. All are tried, so that the time does not tell which; an empty one never
 * does.
 */
export function anySecret(secrets: readonly Secret[], passes: (secret: string) => boolean): boolean {
  const values = secrets.flatMap((secret) => secret.revealAll());
  return values.map((value) => value !== '' && passes(value)).includes(true);
}
