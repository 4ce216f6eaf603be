import type { IncomingMessage } from 'node:http';
import { isSameInHeader } from '../../providers/constant-time.js';
import type { Secret } from '../../secrets/secret.js';

/** Returns whether a request carries `Authorization: Bearer <token>`. The time that it takes does not show how much is right. */
export function isAuthorised(req: IncomingMessage, token: Secret): boolean {
  const [given, ...more] = req.headersDistinct.authorization ?? [];
  const expected = token.reveal();
  if (!given || more.length > 0 || expected === '') return false;
  return isSameInHeader(given.replace(/^bearer +/i, 'Bearer '), `Bearer ${expected}`);
}
