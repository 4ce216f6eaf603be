import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Secret } from '../../secrets/secret.js';

/**
 * Whether a request carries `Authorization: Bearer <token>`. Digests are compared and not texts: they have one length,
 * and how much of a wrong one is right does not show in the time.
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
