import { HEX_SHA256, hmacOf } from '../../hmac-signature.js';
import { given, type Signed, type Unsigned } from '../../sign.js';
import { SIGNATURE_HEADER } from './verify.js';

/** Signs a delivery as GitHub does, with the first secret. */
export function sign(_source: unknown, { body, eventName, id, secrets: [secret = ''] }: Unsigned): Signed {
  return {
    by: 0,
    headers: given({
      'x-github-event': eventName,
      'x-github-delivery': id,
      [SIGNATURE_HEADER]: `sha256=${hmacOf(secret, HEX_SHA256, body)}`,
    }),
  };
}
