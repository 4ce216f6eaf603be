import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Secret } from './secrets/secret.js';

const claimsSchema = z.strictObject({
  workflowId: z.string().min(1),
  signal: z.string().min(1),
  id: z.string().min(1),
  expiresAt: z.number(),
});

/** The claims of a callback URL, which allows one signal to one workflow until a time. */
export type CallbackClaims = Readonly<z.output<typeof claimsSchema>>;

/** In characters, and so in bytes. */
const MAX_TOKEN = 2048;
const SHAPE = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/;

/**
 * Returns `<base64url(JSON)>.<base64url(HMAC-SHA256)>`, safe in a URL's path. The same claims give the same token.
 * `expiresAt` is in Unix ms. Throws a RangeError for claims that don't fit into 2 kB.
 */
export function createCallbackToken(key: Secret, claims: CallbackClaims): string {
  const { workflowId, signal, id, expiresAt } = claims;
  const payload = Buffer.from(JSON.stringify({ workflowId, signal, id, expiresAt })).toString('base64url');
  const token = `${payload}.${sign(key.reveal(), payload)}`;
  if (token.length > MAX_TOKEN) throw new RangeError('workflow id, signal and id are too long for a callback URL');
  return token;
}

/**
 * Returns the claims of a token that this key signed and that has not expired at `now` (Unix ms); undefined for every
 * other text, without a reason.
 */
export function readCallbackToken(key: Secret, token: string, now: number): CallbackClaims | undefined {
  if (token.length > MAX_TOKEN) return undefined;
  const [, payload, signature] = SHAPE.exec(token) ?? [];
  if (!payload || !signature) return undefined;
  // Compared as text: several texts decode to the same bytes, and only one of them is the token that was issued.
  const given = Buffer.from(signature);
  const isSigned = key.revealAll().map((value) => timingSafeEqual(given, Buffer.from(sign(value, payload))));
  if (!isSigned.includes(true)) return undefined;
  const claims = claimsSchema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  return claims.success && now < claims.data.expiresAt ? claims.data : undefined;
}

function sign(key: string, payload: string): string {
  return createHmac('sha256', key).update(payload).digest('base64url');
}
