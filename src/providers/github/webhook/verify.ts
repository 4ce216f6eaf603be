import { Webhooks } from '@octokit/webhooks';
import type { Secret } from '../../../secrets/secret.js';
import { HEX_SHA256, isSignedByAny, signatureReader } from '../../hmac-signature.js';
import type { RawDelivery, SourceHeaders } from '../../webhook-scheme.js';

/** The header of the signature. `X-Hub-Signature`, with SHA-1, is sent too, for old receivers, and is not enough. */
export const SIGNATURE_HEADER = 'x-hub-signature-256';

/** GitHub sends one signature; relays and what sends as GitHub does may send several, in either case. */
const signaturesIn = signatureReader({ ...HEX_SHA256, prefix: 'sha256=' });

/** Returns whether the headers hold a well-formed signature. */
export function isSigned(headers: SourceHeaders): boolean {
  return signaturesIn(headers[SIGNATURE_HEADER]).length > 0;
}

/**
 * Returns the check whether one of the secrets signed the raw bytes. All are tried, so that the time does not tell
 * which.
 */
export function createVerify(secrets: readonly Secret[]): (delivery: RawDelivery) => Promise<boolean> {
  // Kept, because making one takes as long as verifying.
  let verifiers: readonly Verifier[] = [];
  return async (delivery) => {
    // Node's HMAC accepts an empty key, with which anybody can sign.
    const keys = secrets.flatMap((secret) => secret.revealAll()).filter((secret) => secret !== '');
    if (keys.length !== verifiers.length || keys.some((key, i) => key !== verifiers[i]?.secret))
      verifiers = keys.map((secret) => ({ secret, webhooks: new Webhooks({ secret }) }));
    const signatures = signaturesIn(delivery.headers[SIGNATURE_HEADER]);
    const { body } = delivery;
    const text = body.length <= MOST_TEXT ? delivery.text : undefined;
    if (!text) return isSignedByAny(secrets, { signatures, body }, HEX_SHA256);
    let verified = false;
    for (const { webhooks } of verifiers)
      for (const signature of signatures) if (await webhooks.verify(text, `sha256=${signature}`)) verified = true;
    return verified;
  };
}

interface Verifier {
  readonly secret: string;
  readonly webhooks: Webhooks;
}

/**
 * Octokit verifies strings, which it encodes as UTF-8. A body that is not UTF-8 would be decoded to U+FFFD, so that
 * the signature of one body would verify another. Such bodies, the empty one, which Octokit rejects, and large ones, which
 * would hold up all others, are verified as bytes.
 */
const MOST_TEXT = 256 * 1024;
