import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { DatedValue } from '../secrets/rotating-file.js';
import { RotatingSecret } from '../secrets/rotating-secret.js';
import type { Secret } from '../secrets/secret.js';

/** The algorithm that every relying party of OpenID Connect takes. */
export const ALGORITHM = 'RS256';
/** In seconds: how long whoever asks may keep the published keys. */
export const PUBLISHED_SECONDS = 300;
/** A new key signs only once nobody has an older list of keys any more, and all processes have read its file. */
const PUBLISHED_FIRST_MS = PUBLISHED_SECONDS * 1_000 + 5_000;

/** A key pair that ID tokens are signed with. */
export interface TokenKey {
  /** Its thumbprint by RFC 7638. */
  readonly id: string;
  readonly privateKey: KeyObject;
}

/** The keys of an issuer. */
export interface TokenKeys {
  /** Returns those that relying parties are to accept now. */
  published(): readonly TokenKey[];
  /** Returns the one that signs at a time, Unix ms, what is to be verified for so many milliseconds: 0 by default. */
  signing(now: number, lifetimeMs?: number): TokenKey;
}

/** Returns the keys that the secrets hold in PEM form: the first secret signs, and all are published, with what each has replaced. */
export function createTokenKeys(secrets: readonly Secret[]): TokenKeys {
  let known: ReadonlyMap<string, TokenKey> = new Map();
  const all = () => {
    const pems = secrets.flatMap((secret) => secret.revealAll());
    known = new Map(pems.map((pem) => [pem, known.get(pem) ?? readKey(pem)]));
    return known;
  };
  return {
    published: () => [...all().values()],
    signing(now, lifetimeMs = 0) {
      const [first] = secrets;
      const lasting = first ? datedValues(first).filter(({ until }) => until - now >= lifetimeMs) : [];
      // However often it was replaced lately: the newest that everybody knows, else the one that most know.
      const chosen = lasting.find(({ since }) => now - since >= PUBLISHED_FIRST_MS) ?? lasting.at(-1);
      const key = all().get(chosen?.value ?? '');
      if (!key) throw new Error('an issuer of ID tokens has no key');
      return key;
    },
  };
}

/** Returns the values of a secret, newest first: since when each is accepted, and until when, Unix ms. */
function datedValues(secret: Secret): readonly DatedValue[] {
  if (secret instanceof RotatingSecret) return secret.revealDated();
  return [{ value: secret.reveal(), since: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }];
}

/** Returns the public half of a key as a JSON Web Key. */
export function publicKeyOf({ id, privateKey }: TokenKey): Readonly<Record<string, unknown>> {
  const { kty, n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { kty, kid: id, use: 'sig', alg: ALGORITHM, n, e };
}

function readKey(pem: string): TokenKey {
  const privateKey = createPrivateKey(pem);
  const { e, kty, n } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { id: createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url'), privateKey };
}
