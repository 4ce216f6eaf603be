import { jsonBody, keyOfBody, neededHeader } from '../../delivery-fields.js';
import { HUB_SIGNATURE, hmacSignature } from '../../hmac-signature.js';
import { GIT_EVENTS, type ParsedDelivery, type WebhookScheme } from '../../webhook-scheme.js';
import type { BitbucketDataCenterSource } from '../settings.js';
import { createNormalise } from './normalise.js';
import { isPing, PING } from './ping.js';

const EVENT_HEADER = 'x-event-key';
const KEY_HEADER = 'x-request-id';

/**
 * Bitbucket Data Center, and the Server that it was (5.4 and newer).
 * Source: https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html
 *
 * The settings page's "Test connection" is not signed by the versions that are known; it is answered with 2xx, as the
 * page expects, and nothing is done for it.
 */
export function bitbucketDataCenter({
  secrets,
  url,
}: Pick<BitbucketDataCenterSource, 'secrets' | 'url'>): WebhookScheme {
  return {
    capabilities: {
      verifiedBy: 'HMAC-SHA256 of the body in `X-Hub-Signature`, with `sha256=`',
      key: '`X-Request-Id`',
      events: GIT_EVENTS,
    },
    singletonHeaders: [HUB_SIGNATURE.header, EVENT_HEADER, KEY_HEADER, 'content-type'],
    /** How large they get is not documented. */
    maxBodyBytes: 25 * 1024 * 1024,
    isUnsignedPing: (headers) => headers[EVENT_HEADER] === PING,
    ...hmacSignature(secrets, HUB_SIGNATURE),
    parse: jsonBody,
    eventName: (delivery) => (isPing(delivery.payload) ? PING : neededHeader(delivery, EVENT_HEADER)),
    deliveryKey,
    normalise: createNormalise(url.replace(/\/+$/, '')),
  };
}

/** A new one with every request: Bitbucket sends nothing twice. A ping may go without. */
function deliveryKey(delivery: ParsedDelivery): string {
  const isNameless = !delivery.headers[KEY_HEADER] && isPing(delivery.payload);
  return isNameless ? keyOfBody(delivery) : neededHeader(delivery, KEY_HEADER);
}
