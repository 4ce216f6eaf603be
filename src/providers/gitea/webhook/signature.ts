import type { Secret } from '../../../secrets/secret.js';
import { isForm, onlyFormFieldInTurns } from '../../github/webhook/form.js';
import { HEX_SHA256, hmacSignature } from '../../hmac-signature.js';
import { MalformedPayload, type RawDelivery, type WebhookScheme } from '../../webhook-scheme.js';

/**
 * Verifies that one of the secrets signed a delivery. Of a form, Gitea, Forgejo and Gogs sign the JSON in its field
 * `payload`, and not the bytes that they send, as GitHub does.
 * Source: https://github.com/go-gitea/gitea/blob/main/services/webhook/deliver.go
 */
export function payloadSignature(
  secrets: readonly Secret[],
  { header }: { readonly header: string },
): Pick<WebhookScheme, 'isSigned' | 'verify'> {
  const { isSigned, verify } = hmacSignature(secrets, { ...HEX_SHA256, header });
  return {
    isSigned,
    verify: async (delivery, now) => {
      if (await verify(delivery, now)) return true;
      const payload = isForm(delivery.headers) ? await payloadOf(delivery) : undefined;
      return payload !== undefined && verify({ headers: delivery.headers, body: payload }, now);
    },
  };
}

async function payloadOf({ body }: RawDelivery): Promise<Buffer | undefined> {
  try {
    return await onlyFormFieldInTurns(body, 'payload');
  } catch (error) {
    if (error instanceof MalformedPayload) return undefined;
    throw error;
  }
}
