import type { IncomingMessage } from 'node:http';
import { anySecret, isSameInHeader } from '../../providers/constant-time.js';
import type { Secret } from '../../secrets/secret.js';

/** Returns whether a request carries `Authorization: Bearer <token>`. The time that it takes does not show how much is right. */
export function isAuthorised(req: IncomingMessage, token: Secret): boolean {
  const [given, ...more] = req.headersDistinct.authorization ?? [];
  if (!given || more.length > 0) return false;
  const sent = given.replace(/^bearer +/i, 'Bearer ');
  return anySecret([token], (expected) => isSameInHeader(sent, `Bearer ${expected}`));
}
