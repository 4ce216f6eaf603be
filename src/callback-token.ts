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

const approvalSchema = z.strictObject({
  /** Workflow id. */
  run: z.string().min(1),
  approval: z.string().min(1),
  nth: z.number(),
  /** Whose answer it carries. */
  person: z.strictObject({ login: z.string().min(1), id: z.string().min(1).optional() }),
  /** The commit that is approved; absent where the run has none. */
  sha: z.string().min(1).optional(),
  /** Its own: a link carries one answer. */
  link: z.string().min(1),
  expiresAt: z.number(),
});

/** The claims of a link in a message, which carries one answer of one person to one approval until a time. */
export type ApprovalClaims = Readonly<z.output<typeof approvalSchema>>;

/**
 * Returns `<base64url(JSON)>.<base64url(HMAC-SHA256)>`, safe in a URL's path. The same claims give the same token.
 * `expiresAt` is in Unix ms. Throws a RangeError for claims that don't fit into 2 kB.
 */
export function createCallbackToken(key: Secret, claims: CallbackClaims): string {
  const { workflowId, signal, id, expiresAt } = claims;
  return signClaims(key, { workflowId, signal, id, expiresAt });
}

/**
 * Returns the claims of a token that this key signed and that has not expired at `now` (Unix ms); undefined for every
 * other text, without a reason.
 */
export function readCallbackToken(key: Secret, token: string, now: number): CallbackClaims | undefined {
  return readClaims(key, { token, now, schema: claimsSchema });
}

/** Returns the token of a link in a message, as {@link createCallbackToken} does. Neither can be taken for the other. */
export function createApprovalToken(key: Secret, claims: ApprovalClaims): string {
  const { run, approval, nth, person, sha, link, expiresAt } = claims;
  return signClaims(key, { run, approval, nth, person: { login: person.login, id: person.id }, sha, link, expiresAt });
}

/** Returns the claims of such a token, as {@link readCallbackToken} does. */
export function readApprovalToken(key: Secret, token: string, now: number): ApprovalClaims | undefined {
  return readClaims(key, { token, now, schema: approvalSchema });
}

/**
 * Returns claims as `<base64url(JSON)>.<base64url(HMAC-SHA256)>`. Each kind of token has a schema that takes no other's claims, or a
 * key of its own. Throws a RangeError for claims that don't fit into 2 kB.
 */
export function signClaims(key: Secret, claims: object): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const token = `${payload}.${sign(key.reveal(), payload)}`;
  if (token.length > MAX_TOKEN) throw new RangeError('workflow id and names are too long for a signed URL');
  return token;
}

/** Returns the claims of a token that this key signed, as {@link readCallbackToken} does. */
export function readClaims<T extends { readonly expiresAt: number }>(
  key: Secret,
  { token, now, schema }: { readonly token: string; readonly now: number; readonly schema: z.ZodType<T> },
): T | undefined {
  if (token.length > MAX_TOKEN) return undefined;
  const [, payload, signature] = SHAPE.exec(token) ?? [];
  if (!payload || !signature) return undefined;
  // Compared as text: several texts decode to the same bytes, and only one of them is the token that was issued.
  const given = Buffer.from(signature);
  const isSigned = key.revealAll().map((value) => timingSafeEqual(given, Buffer.from(sign(value, payload))));
  if (!isSigned.includes(true)) return undefined;
  const claims = schema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  return claims.success && now < claims.data.expiresAt ? claims.data : undefined;
}

function sign(key: string, payload: string): string {
  return createHmac('sha256', key).update(payload).digest('base64url');
}
