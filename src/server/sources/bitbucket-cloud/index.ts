import type { SourceOf } from '../../../config/config.js';
import { jsonBody, neededHeader } from '../generic.js';
import { HUB_SIGNATURE, hubSignature } from '../hub-signature.js';
import type { SourceKind } from '../source-kind.js';
import { normalise } from './normalise.js';

/**
 * Bitbucket Cloud. `X-Hook-UUID` tells which hook sent it and proves nothing: it decides nothing here.
 * Sources: https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/,
 * https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/
 */
export const bitbucketCloud = ({ secrets }: Pick<SourceOf<'bitbucket-cloud'>, 'secrets'>): SourceKind => ({
  decidingHeaders: [HUB_SIGNATURE, 'x-event-key', 'x-request-uuid', 'content-type'],
  /** Bitbucket sends none over 256 KB (BCLOUD-22312); the rest is room for the day when it does. */
  maxBodyBytes: 1024 * 1024,
  ...hubSignature(secrets),
  parse: jsonBody,
  eventName: (delivery) => neededHeader(delivery, 'x-event-key'),
  /** The same over Bitbucket's attempts; `X-Attempt-Number` counts those. */
  deliveryKey: (delivery) => neededHeader(delivery, 'x-request-uuid'),
  normalise,
});
