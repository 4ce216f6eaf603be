import { HEX_SHA256, hmacOf } from '../../hmac-signature.js';
import { given, type Signed, type Unsigned } from '../../sign.js';

/** Signs a delivery as Gitea, Forgejo and Gogs do, each in headers of its own name, with the first secret. */
export function sign({ kind }: { kind: string }, { body, eventName, id, secrets: [secret = ''] }: Unsigned): Signed {
  return {
    by: 0,
    headers: given({
      [`x-${kind}-event`]: eventName,
      [`x-${kind}-delivery`]: id,
      [`x-${kind}-signature`]: hmacOf(secret, HEX_SHA256, body),
    }),
  };
}
