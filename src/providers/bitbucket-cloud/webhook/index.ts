import { jsonBody, neededHeader } from '../../delivery-fields.js';
import { HUB_SIGNATURE, hmacSignature } from '../../hmac-signature.js';
import { GIT_EVENTS, type WebhookScheme } from '../../webhook-scheme.js';
import type { BitbucketCloudSource } from '../settings.js';
import { normalise } from './normalise.js';

/**
 * Bitbucket Cloud. `X-Hook-UUID` tells which hook sent it and proves nothing: it decides nothing here.
 * Sources: https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/,
 * https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/
 */
export const bitbucketCloud = ({ secrets }: Pick<BitbucketCloudSource, 'secrets'>): WebhookScheme => ({
  capabilities: {
    verifiedBy: 'HMAC-SHA256 of the body in `X-Hub-Signature`, with `sha256=`',
    key: '`X-Request-UUID`',
    events: [...GIT_EVENTS, 'status'],
  },
  singletonHeaders: [HUB_SIGNATURE.header, 'x-event-key', 'x-request-uuid', 'content-type'],
  /** Bitbucket sends none over 256 KB (BCLOUD-22312); the rest is room for the day when it does. */
  maxBodyBytes: 1024 * 1024,
  ...hmacSignature(secrets, HUB_SIGNATURE),
  parse: jsonBody,
  eventName: (delivery) => neededHeader(delivery, 'x-event-key'),
  /** The same over Bitbucket's attempts; `X-Attempt-Number` counts those. */
  deliveryKey: (delivery) => neededHeader(delivery, 'x-request-uuid'),
  normalise,
});
