import type { Request } from 'express';
import { anySecret, isSameInHeader } from '../../../providers/constant-time.js';
import type { Secret } from '../../../secrets/secret.js';
import { isAuthorised } from '../../api/authorised.js';
import type { FeedKeys, FeedScope } from '../../api/feed-keys.js';
import { isAskedElsewhere } from '../asked-elsewhere.js';
import type { Visitor } from '../sign-in/visitor.js';

/** By what somebody reads a feed; `none`: only what is public. */
export type FeedAccess = 'key' | 'token' | 'visitor' | 'none';

/** Canonical base64, with no blank and no other alphabet. */
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;

/**
 * Returns what tells by what somebody may read: by the address's own key, by the API token as Bearer or as the password of Basic
 * credentials, or since they may look at the page. What another site embeds counts as asked by nobody who may: an image's size is not
 * hidden from that site.
 */
export function createFeedAccess(deps: {
  readonly keys: FeedKeys;
  readonly apiToken: Secret;
  readonly whoVisits: (req: Request) => Visitor | undefined;
}): (req: Request, scope: FeedScope) => FeedAccess {
  const { keys, apiToken, whoVisits } = deps;
  const visits = (req: Request) => {
    try {
      return whoVisits(req) !== undefined;
    } catch {
      // Whoever is signed in without a role may look at what everybody may.
      return false;
    }
  };
  return (req, scope) => {
    const { key } = req.query;
    if (typeof key === 'string' && keys.opens(scope, key)) return 'key';
    if (isAuthorised(req, apiToken) || hasAsPassword(req, apiToken)) return 'token';
    return !isAskedElsewhere(req) && visits(req) ? 'visitor' : 'none';
  };
}

/** Whether Basic credentials (RFC 7617) have the token as their password, under any name. */
function hasAsPassword(req: Request, token: Secret): boolean {
  const [given = '', ...more] = req.headersDistinct.authorization ?? [];
  const encoded = more.length === 0 ? BASIC.exec(given)?.[1] : undefined;
  if (encoded === undefined) return false;
  const credentials = Buffer.from(encoded, 'base64').toString('latin1');
  const colon = credentials.indexOf(':');
  if (colon === -1) return false;
  return anySecret([token], (expected) => isSameInHeader(credentials.slice(colon + 1), expected));
}
