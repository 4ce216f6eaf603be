import type { Secret } from '../secrets/secret.js';
import { anySecret, hmacOf, isSame, shapeOf } from './credential.js';
import type { SourceHeaders, WebhookScheme } from './webhook-scheme.js';

/** GitHub's old header for SHA-1, in which both Bitbuckets put SHA-256. */
export const HUB_SIGNATURE = 'x-hub-signature';

const SCHEME = { algorithm: 'sha256', encoding: 'hex' } as const;
const PREFIX = 'sha256=';
const shape = shapeOf(SCHEME);

/**
 * Verifies `X-Hub-Signature: sha256=<hex>` over the raw body. Any other algorithm counts as no signature, SHA-1 too: the
 * header's name says nothing, and a sender must not pick the weaker one.
 */
export function hubSignature(secrets: readonly Secret[]): Pick<WebhookScheme, 'isSigned' | 'verify'> {
  return {
    isSigned: (headers) => signatureIn(headers) !== undefined,
    verify: async ({ headers, body }) => {
      const signature = signatureIn(headers);
      return signature !== undefined && anySecret(secrets, (secret) => isSame(signature, hmacOf(secret, SCHEME, body)));
    },
  };
}

function signatureIn(headers: SourceHeaders): string | undefined {
  const value = headers[HUB_SIGNATURE] ?? '';
  const signature = value.startsWith(PREFIX) ? value.slice(PREFIX.length) : '';
  return shape.test(signature) ? signature : undefined;
}
