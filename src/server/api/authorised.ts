import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Secret } from '../../secrets/secret.js';

/**
 * Whether a request carries `Authorization: Bearer <token>`. Digests are compared and not texts: all have the same length,
 * and the time that it takes does not show how much of a wrong token is right.
 */
export function isAuthorised(req: IncomingMessage, token: Secret): boolean {
  const [given, ...more] = req.headersDistinct.authorization ?? [];
  const expected = token.reveal();
  if (!given || more.length > 0 || expected === '') return false;
  return timingSafeEqual(digest(given.replace(/^bearer +/i, 'Bearer ')), digest(`Bearer ${expected}`));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
