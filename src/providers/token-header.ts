import type { Secret } from '../secrets/secret.js';
import { ProviderError } from './error.js';

/**
 * A token for a header. HTTP libraries quote a value that no header can carry in their error, so one with a line break or
 * a blank is refused here, before one of them sees it. Throws {@link ProviderError} (`not configured`).
 */
export function tokenFor(token: Secret, option: string): string {
  const value = token.reveal();
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new ProviderError(
    'not configured',
    `${option} holds a blank, a line break or another character that no header can carry`,
  );
}
