import type { SourceOf } from '../../../config/config.js';
import { jsonBody, keyOfBody, neededHeader } from '../generic.js';
import { HUB_SIGNATURE, hubSignature } from '../hub-signature.js';
import type { ParsedDelivery, SourceKind } from '../source-kind.js';
import { createNormalise } from './normalise.js';
import { isPing, PING } from './ping.js';

const EVENT_HEADER = 'x-event-key';
const KEY_HEADER = 'x-request-id';

/**
 * Bitbucket Data Center, and the Server that it was (5.4 and newer).
 * Source: https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html
 *
 * The settings page's "Test connection" is not signed by the versions that are known, and so is answered with 401 like
 * everything that is not: whether somebody is here is told to nobody who does not have the secret. What is signed and
 * only asks that is answered with 2xx.
 */
export function bitbucketDataCenter({
  secrets,
  url,
}: Pick<SourceOf<'bitbucket-data-center'>, 'secrets' | 'url'>): SourceKind {
  return {
    decidingHeaders: [HUB_SIGNATURE, EVENT_HEADER, KEY_HEADER, 'content-type'],
    /** How large they get is not documented. */
    maxBodyBytes: 25 * 1024 * 1024,
    ...hubSignature(secrets),
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
