import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { readClaims, signClaims } from '../../../callback-token.js';
import type { Secret } from '../../../secrets/secret.js';
import { derivedKey } from '../../derived-key.js';
import { cookieHeader, readCookie } from './cookies.js';
import { isOverTls } from './over-tls.js';
import { MAX_WHO, type Visitor } from './visitor.js';

const SESSION = 'hookyard-session';
const SECONDS = 12 * 3_600;

const sessionSchema = z.strictObject({
  who: z.string().min(1).max(MAX_WHO),
  role: z.enum(['viewer', 'operator']),
  how: z.enum(['token', 'oidc']),
  subject: z.string().min(1).max(MAX_WHO).optional(),
  expiresAt: z.number(),
});

/** Signs people in for twelve hours: what is known of them is in a signed cookie, and nowhere on the server. */
export interface Sessions {
  /** Returns the header that begins a session. */
  begin(visitor: Visitor, isSecure: boolean): string;
  /** Returns whose session a request belongs to; undefined without one, and for one that is forged or over. */
  read(req: Pick<IncomingMessage, 'headers'>): Visitor | undefined;
}

/** Returns the headers that end a session, whether it began over TLS or not. */
export function endSession(): string[] {
  return [true, false].map((isSecure) => cookieHeader(SESSION, { isSecure }));
}

/** Creates sessions that are signed with a key of their own, made from the API token: rotating the token ends them. */
export function createSessions({
  apiToken,
  publicUrl,
  now,
}: {
  readonly apiToken: Secret;
  readonly publicUrl: string | undefined;
  readonly now: () => number;
}): Sessions {
  const key = derivedKey(apiToken, 'hookyard page session');
  return {
    begin({ who, role, how, subject }, isSecure) {
      const claims = { who, role, how, subject, expiresAt: now() + SECONDS * 1_000 };
      return cookieHeader(SESSION, { value: signClaims(key, claims), isSecure, seconds: SECONDS });
    },
    read(req) {
      const token = readCookie(req, { name: SESSION, isSecure: isOverTls(req, publicUrl) });
      const claims = token && readClaims(key, { token, now: now(), schema: sessionSchema });
      if (!claims) return undefined;
      const { expiresAt: _, subject, ...visitor } = claims;
      return { ...visitor, ...(subject !== undefined && { subject }) };
    },
  };
}
