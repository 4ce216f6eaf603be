import { createHmac } from 'node:crypto';
import { inPieces } from '../async/yield-to-event-loop.js';
import type { Secret } from '../secrets/secret.js';
import { isSame } from './constant-time.js';
import type { WebhookScheme } from './webhook-scheme.js';

/** How an HMAC is made and written. */
export interface HmacOptions {
  readonly algorithm: 'sha256' | 'sha384' | 'sha512';
  readonly encoding: 'hex' | 'base64';
}

/** Returns the HMAC of all parts, one after the other. */
export function hmacOf(
  key: string | Uint8Array,
  { algorithm, encoding }: HmacOptions,
  ...parts: readonly (string | Uint8Array)[]
): string {
  const hmac = createHmac(algorithm, key);
  for (const part of parts) hmac.update(part);
  return hmac.digest(encoding);
}

/** Returns {@link hmacOf} a body that has something before it. One that is large leaves the event loop its turns. */
export async function hmacInTurns(
  key: string | Uint8Array,
  options: HmacOptions,
  { before = '', body }: { readonly before?: string; readonly body: Uint8Array },
): Promise<string> {
  const hmac = createHmac(options.algorithm, key).update(before);
  await inPieces(body, (piece) => hmac.update(piece));
  return hmac.digest(options.encoding);
}

/**
 * Returns whether one of the secrets made one of the signatures of a body that has something before it. All are tried, so
 * that the time does not tell which; an empty secret never did.
 */
export async function isSignedByAny(
  secrets: readonly Secret[],
  {
    signatures,
    ...signed
  }: { readonly signatures: readonly string[]; readonly before?: string; readonly body: Buffer },
  options: HmacOptions,
): Promise<boolean> {
  if (signatures.length === 0) return false;
  let found = 0;
  for (const key of secrets.flatMap((secret) => secret.revealAll())) {
    if (key === '') continue;
    const expected = await hmacInTurns(key, options, signed);
    found += signatures.filter((signature) => isSame(signature, expected)).length;
  }
  return found > 0;
}

/**
 * Returns what an HMAC looks like. To be checked before a signature is compared: a decoder would stop at the first odd
 * character.
 */
export function hmacShape({ algorithm, encoding }: HmacOptions): RegExp {
  const bytes = { sha256: 32, sha384: 48, sha512: 64 }[algorithm];
  if (encoding === 'hex') return new RegExp(`^[0-9a-f]{${bytes * 2}}$`);
  const padding = (3 - (bytes % 3)) % 3;
  return new RegExp(`^[A-Za-z0-9+/]{${Math.ceil(bytes / 3) * 4 - padding}}={${padding}}$`);
}

/** How most senders do it. */
export const HEX_SHA256 = { algorithm: 'sha256', encoding: 'hex' } as const satisfies HmacOptions;

/** Where and how a sender signs the raw body. */
export interface SignatureOptions extends HmacOptions {
  /** The header's lower-case name. */
  readonly header: string;
  /** What stands before the signature, `sha256=` for example. */
  readonly prefix?: string;
}

/**
 * How both Bitbuckets sign: SHA-256, in the header that GitHub has for SHA-1. Any other algorithm counts as no
 * signature, SHA-1 too, or else a sender could pick the weaker one.
 */
export const HUB_SIGNATURE = {
  ...HEX_SHA256,
  header: 'x-hub-signature',
  prefix: 'sha256=',
} as const satisfies SignatureOptions;

/** Signatures of one header that are looked at: a sender has several while it changes its secret. */
export const MAX_SIGNATURES = 10;

/**
 * Returns what reads the well-formed signatures of a header, without their prefix. There may be several, separated by
 * commas or blanks. Hexadecimal digits may have either case, and come out in lower case.
 */
export function signatureReader(
  options: HmacOptions & { readonly prefix?: string },
): (header: string | undefined) => readonly string[] {
  const { prefix = '', encoding } = options;
  const shape = hmacShape(options);
  return (header = '') => {
    // A prefix may hold a comma itself.
    const entries = /[,\s]/.test(prefix) ? [header] : header.split(/[,\s]+/, MAX_SIGNATURES);
    return entries
      .filter((entry) => entry.startsWith(prefix))
      .map((entry) => entry.slice(prefix.length))
      .map((signature) => (encoding === 'hex' ? signature.toLowerCase() : signature))
      .filter((signature) => shape.test(signature));
  };
}

/**
 * Verifies that one of the secrets signed the raw body with an HMAC, in one of the signatures of a header: see
 * {@link signatureReader}.
 */
export function hmacSignature(
  secrets: readonly Secret[],
  options: SignatureOptions,
): Pick<WebhookScheme, 'isSigned' | 'verify'> {
  const read = signatureReader(options);
  return {
    isSigned: (headers) => read(headers[options.header]).length > 0,
    verify: ({ headers, body }) => isSignedByAny(secrets, { signatures: read(headers[options.header]), body }, options),
  };
}
