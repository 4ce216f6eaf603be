import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { ALGORITHM, type TokenKeys } from './token-keys.js';

/** Who issues ID tokens. */
export interface Issuer {
  /** Its address, under which its document lies: the `iss` claim. */
  readonly url: string;
  readonly keys: TokenKeys;
}

/** For whom a token is, of what, and for how long. */
export interface TokenRequest {
  /** The `aud` claim. */
  readonly audience: string;
  readonly lifetimeMs: number;
  /** The `sub` claim. */
  readonly subject: string;
  /** Further claims, none of those that every token has. */
  readonly claims: Readonly<Record<string, string>>;
}

/** In seconds: how far a relying party's clock may be behind. */
const CLOCK_SKEW_S = 60;

/** Returns a signed ID token (JWT). `now`: Unix ms. */
export function signToken(
  { url, keys }: Issuer,
  { audience, lifetimeMs, subject, claims }: TokenRequest,
  now: number,
): Promise<string> {
  const key = keys.signing(now, lifetimeMs);
  const issuedAt = Math.floor(now / 1_000);
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.id, typ: 'JWT' })
    .setIssuer(url)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt - CLOCK_SKEW_S)
    .setExpirationTime(issuedAt + Math.max(1, Math.floor(lifetimeMs / 1_000)))
    .setJti(randomUUID())
    .sign(key.privateKey);
}
