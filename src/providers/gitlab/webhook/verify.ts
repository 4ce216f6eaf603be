import { anySecret, isSameInHeader } from '../../constant-time.js';
import { isTimelySigned, readSigned, verifyStandard } from '../../services/standard-webhooks.js';
import type { SourceHeaders, WebhookCapabilities, WebhookScheme } from '../../webhook-scheme.js';
import type { GitlabSource } from '../settings.js';

/** The headers of a signed delivery. */
export const SIGNATURE_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
/** The header of the older secret token. */
export const TOKEN_HEADER = 'x-gitlab-token';
/** How far the time of a signed delivery may be off. */
export const TOLERANCE_SECONDS = 300;

/**
 * Returns how deliveries are verified. GitLab has two schemes: a signing token (`whsec_…`), which signs as Standard
 * Webhooks does, and the older secret token, which is sent as it is. Where a signing token is configured, a request
 * with only the other is refused: anybody who has once seen the token could send it. `acceptSecretToken` accepts both,
 * for the time in which hooks are being moved.
 */
export function createVerifier({
  secrets,
  acceptSecretToken,
}: Pick<GitlabSource, 'secrets' | 'acceptSecretToken'>): Pick<WebhookScheme, 'isSigned' | 'verifyHeaders' | 'verify'> &
  Pick<WebhookCapabilities, 'verifiedBy'> {
  const signing = secrets.filter((secret) => secret.reveal().startsWith('whsec_'));
  const tokens = secrets.filter((secret) => !secret.reveal().startsWith('whsec_'));
  const takesSignature = signing.length > 0;
  const takesToken = tokens.length > 0 && (!takesSignature || acceptSecretToken);
  const schemes = [
    ...(takesSignature ? ['a signing token (`whsec_…`), within five minutes'] : []),
    ...(takesToken ? ['the secret token in `X-Gitlab-Token`'] : []),
  ];
  const hasToken = ({ [TOKEN_HEADER]: token }: SourceHeaders) =>
    takesToken && token !== undefined && anySecret(tokens, (secret) => isSameInHeader(token, secret));
  return {
    verifiedBy: schemes.join(', or by ') || 'nothing',
    isSigned: (headers) =>
      (takesSignature && readSigned(headers) !== undefined) || (takesToken && Boolean(headers[TOKEN_HEADER])),
    verifyHeaders: (headers, now) => {
      if (hasToken(headers)) return true;
      const mayBeSigned = takesSignature && isTimelySigned(headers, { toleranceSeconds: TOLERANCE_SECONDS, now });
      return mayBeSigned ? undefined : false;
    },
    verify: async (delivery, now) =>
      (takesSignature &&
        (await verifyStandard(delivery, { secrets: signing, toleranceSeconds: TOLERANCE_SECONDS, now }))) ||
      hasToken(delivery.headers),
  };
}
