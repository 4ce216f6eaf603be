import type { Secret } from '../../secrets/secret.js';
import { notConfigured } from '../failures.js';

/**
 * The value of an `Authorization` header. HTTP libraries quote a value that no header can carry in their error, so a
 * token with a line break or a blank is refused here, before one of them sees it.
 */
export function bearer(token: Secret, option: string): string {
  const value = token.reveal();
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw notConfigured(`${option} holds a blank, a line break or another character that no HTTP header can carry`);
  }
  return `Bearer ${value}`;
}
