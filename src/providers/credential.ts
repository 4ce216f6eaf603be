import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../secrets/secret.js';

/** Compares without telling by time how much is right, nor how long either is. */
export function isSame(given: string | Uint8Array, expected: string | Uint8Array): boolean {
  const digest = (value: string | Uint8Array) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Whether one of the secrets passes. All are tried, so that the time does not tell which one did; an empty one never does. */
export function anySecret(secrets: readonly Secret[], passes: (secret: string) => boolean): boolean {
  const answers = secrets.map((secret) => {
    const value = secret.reveal();
    return value !== '' && passes(value);
  });
  return answers.includes(true);
}

export interface HmacOptions {
  readonly algorithm: 'sha256' | 'sha384' | 'sha512';
  readonly encoding: 'hex' | 'base64';
}

/** The HMAC of parts, one after the other, in an encoding. */
export function hmacOf(
  key: string | Uint8Array,
  { algorithm, encoding }: HmacOptions,
  ...parts: readonly (string | Uint8Array)[]
): string {
  const hmac = createHmac(algorithm, key);
  for (const part of parts) hmac.update(part);
  return hmac.digest(encoding);
}

/** What a signature of this sort looks like, to be checked before it is compared: decoders stop at odd characters. */
export function shapeOf({ algorithm, encoding }: HmacOptions): RegExp {
  const bytes = { sha256: 32, sha384: 48, sha512: 64 }[algorithm];
  if (encoding === 'hex') return new RegExp(`^[0-9a-f]{${bytes * 2}}$`);
  const padding = (3 - (bytes % 3)) % 3;
  return new RegExp(`^[A-Za-z0-9+/]{${Math.ceil(bytes / 3) * 4 - padding}}={${padding}}$`);
}

/** Whether a header's Unix seconds are close to now (Unix ms). Too new is as wrong as too old. */
export function isTimely(
  seconds: string | undefined,
  { now, toleranceSeconds }: { now: number; toleranceSeconds: number },
): boolean {
  if (!seconds || !/^\d{1,12}$/.test(seconds)) return false;
  return Math.abs(now / 1000 - Number(seconds)) <= toleranceSeconds;
}
