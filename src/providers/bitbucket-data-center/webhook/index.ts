import { z } from 'zod';
import { withoutSlash } from '../../api-base.js';
import { idInHeader, jsonBody, neededHeader } from '../../delivery-fields.js';
import { HUB_SIGNATURE, hmacSignature } from '../../hmac-signature.js';
import { GIT_EVENTS, type WebhookScheme } from '../../webhook-scheme.js';
import type { BitbucketDataCenterSource } from '../settings.js';
import { createNormalise } from './normalise.js';
import { isPing, PING } from './ping.js';

const EVENT_HEADER = 'x-event-key';
const KEY_HEADER = 'x-request-id';

/**
 * Returns the scheme of Bitbucket Data Center, and of Bitbucket Server 5.4 and newer.
 * Source: https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html
 *
 * The known versions do not sign the settings page's "Test connection". It is answered with 2xx, as the page expects,
 * and ignored.
 */
export function bitbucketDataCenter({
  secrets,
  url,
}: Pick<BitbucketDataCenterSource, 'secrets' | 'url'>): WebhookScheme {
  return {
    capabilities: {
      verifiedBy: 'HMAC-SHA256 of the body in `X-Hub-Signature`, with `sha256=`',
      key: '`X-Request-Id`, and the body',
      events: GIT_EVENTS,
    },
    singletonHeaders: [HUB_SIGNATURE.header, EVENT_HEADER, KEY_HEADER, 'content-type'],
    // How large bodies get is not documented.
    maxBodyBytes: 25 * 1024 * 1024,
    isUnsignedPing: (headers) => headers[EVENT_HEADER] === PING,
    ...hmacSignature(secrets, HUB_SIGNATURE),
    parse: jsonBody,
    eventName: (delivery) => (isPing(delivery.payload) ? PING : neededHeader(delivery, EVENT_HEADER)),
    /** The id of the request: Bitbucket sends nothing twice. */
    deliveryKey: (delivery) => idInHeader(delivery, KEY_HEADER),
    repeatedBody: ({ payload }) => (datedSchema.safeParse(payload).success ? 'inbox' : undefined),
    normalise: createNormalise(withoutSlash(url)),
  };
}

/** A body that tells when it happened is that of no other event. */
const datedSchema = z.object({ date: z.string().min(1) });
