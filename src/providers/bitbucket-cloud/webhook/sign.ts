import { HUB_SIGNATURE, hmacOf } from '../../hmac-signature.js';
import { given, type Signed, type Unsigned } from '../../sign.js';

/** Signs a delivery as Bitbucket does, with the first secret. */
export function sign(_source: unknown, { body, eventName, id, secrets: [secret = ''] }: Unsigned): Signed {
  const { header, prefix } = HUB_SIGNATURE;
  return {
    by: 0,
    headers: given({
      'x-event-key': eventName,
      'x-request-uuid': id,
      [header]: `${prefix}${hmacOf(secret, HUB_SIGNATURE, body)}`,
    }),
  };
}
