import { HEX_SHA256, hmacOf } from '../../hmac-signature.js';
import type { Signed, Unsigned } from '../../sign.js';
import { given } from '../../sign.js';

/** Signs a delivery as GitHub does, with the first secret. */
export function sign(_source: unknown, { body, eventName, id, secrets: [secret = ''] }: Unsigned): Signed {
  return {
    by: 0,
    headers: given({
      'x-github-event': eventName,
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${hmacOf(secret, HEX_SHA256, body)}`,
    }),
  };
}
