import { idInHeader, jsonBody, neededHeader } from '../../delivery-fields.js';
import { HUB_SIGNATURE, hmacSignature } from '../../hmac-signature.js';
import { GIT_EVENTS, type WebhookScheme } from '../../webhook-scheme.js';
import type { BitbucketCloudSource } from '../settings.js';
import { normalise } from './normalise.js';

/**
 * Returns the scheme of Bitbucket Cloud. `X-Hook-UUID` names the hook that sent it, but proves nothing, and is not
 * used. Sources: https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/,
 * https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/
 */
export const bitbucketCloud = ({ secrets }: Pick<BitbucketCloudSource, 'secrets'>): WebhookScheme => ({
  capabilities: {
    verifiedBy: 'HMAC-SHA256 of the body in `X-Hub-Signature`, with `sha256=`',
    key: '`X-Request-UUID`',
    events: [...GIT_EVENTS, 'status'],
  },
  singletonHeaders: [HUB_SIGNATURE.header, 'x-event-key', 'x-request-uuid', 'content-type'],
  /**
   * Bitbucket sends bodies of 256 KB at most (BCLOUD-22312). The rest is room for the day when it sends larger ones.
   */
  maxBodyBytes: 1024 * 1024,
  ...hmacSignature(secrets, HUB_SIGNATURE),
  parse: jsonBody,
  eventName: (delivery) => neededHeader(delivery, 'x-event-key'),
  /** The same for all attempts of Bitbucket to deliver, which `X-Attempt-Number` counts. */
  deliveryKey: (delivery) => idInHeader(delivery, 'x-request-uuid'),
  normalise,
});
