import type { Secret } from '../secrets/secret.js';

/** What is wrong with a token that {@link headerValue} does not give out, after the name of its option. */
export const UNUSABLE_TOKEN = 'holds a blank, a line break or another character that no HTTP header can carry';

/**
 * Returns a token's value if a header can carry it, and undefined if not. HTTP libraries quote a value that they can't
 * send in their error, so such a token must not get to one of them.
 */
export function headerValue(token: Secret): string | undefined {
  const value = token.reveal();
  return /^[\x21-\x7e]+$/.test(value) ? value : undefined;
}

/** Returns a header's value as HTTP clients take it. They write a character a byte: what is not ASCII goes as its UTF-8. */
export function inBytes(value: string): string {
  return Buffer.from(value).toString('latin1');
}

/** Returns the value of an `Authorization` header with a token (RFC 6750). */
export function bearer(token: string): string {
  return inBytes(`Bearer ${token}`);
}

/** Returns the value of an `Authorization` header with a name and a password (RFC 7617). */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
