import { createHmac, timingSafeEqual } from 'node:crypto';
import { Webhooks } from '@octokit/webhooks';
import type { Secret } from '../../../secrets/secret.js';
import type { RawDelivery, SourceHeaders } from '../../webhook-scheme.js';

/** `X-Hub-Signature`, with SHA-1, is sent beside it for old receivers, and is not enough. */
export const SIGNATURE_HEADER = 'x-hub-signature-256';

/** Checked before anything is compared: a decoder would stop at the first character that is not hexadecimal. */
const SIGNATURE = /^sha256=[0-9a-f]{64}$/;

export function isSigned(headers: SourceHeaders): boolean {
  return SIGNATURE.test(headers[SIGNATURE_HEADER] ?? '');
}

/**
 * Asks whether one of the secrets signed the raw bytes. All are tried, so that the time does not tell which one did.
 */
export function createVerify(secrets: readonly Secret[]): (delivery: RawDelivery) => Promise<boolean> {
  // Node's HMAC takes an empty key, and then anybody can sign.
  const keys = secrets.map((secret) => secret.reveal()).filter((secret) => secret !== '');
  // One for each, and not one for each delivery: making one takes as long as verifying does.
  const verifiers = keys.map((secret) => ({ secret, webhooks: new Webhooks({ secret }) }));
  return async (delivery) => {
    const signature = delivery.headers[SIGNATURE_HEADER];
    if (!signature || !isSigned(delivery.headers)) return false;
    let verified = false;
    for (const verifier of verifiers) if (await isSignedBy(verifier, delivery, signature)) verified = true;
    return verified;
  };
}

interface Verifier {
  readonly secret: string;
  readonly webhooks: Webhooks;
}

/**
 * Octokit verifies strings, which it turns into UTF-8 bytes again. For bytes that are UTF-8 the way there and back loses
 * nothing. Others would all decode to U+FFFD, so that a signature of one body would verify another: those (and the
 * empty body, which Octokit refuses to look at) are verified as the bytes they are.
 */
async function isSignedBy(
  { secret, webhooks }: Verifier,
  { body, text }: RawDelivery,
  signature: string,
): Promise<boolean> {
  if (text) return webhooks.verify(text, signature);
  const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}
