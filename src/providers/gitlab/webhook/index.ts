import { idInHeader, jsonBody, neededHeader } from '../../delivery-fields.js';
import { msOf } from '../../duration.js';
import { readSigned } from '../../services/standard-webhooks.js';
import { GIT_EVENTS, type ParsedDelivery, type WebhookScheme } from '../../webhook-scheme.js';
import type { GitlabSource } from '../settings.js';
import { normalise } from './normalise.js';
import { createVerifier, SIGNATURE_HEADERS, TOKEN_HEADER } from './verify.js';

/** The same for all hooks of an action, and of what comes of a request to GitLab that passes it on: it shows loops. */
const CORRELATION_HEADER = 'x-gitlab-event-uuid';

/**
 * Returns the scheme of a source of GitLab, also self-hosted. Source:
 * https://docs.gitlab.com/user/project/integrations/webhook_events/
 */
export function gitlab(source: Pick<GitlabSource, 'secrets' | 'acceptSecretToken' | 'repeatedBody'>): WebhookScheme {
  const { verifiedBy, ...verifier } = createVerifier(source);
  return {
    capabilities: {
      verifiedBy,
      key: '`webhook-id`, else `Idempotency-Key`; before 17.4 `repeatedBody`, else each request is a new one',
      events: [...GIT_EVENTS, 'release', 'deployment', 'status'],
    },
    singletonHeaders: [
      ...SIGNATURE_HEADERS,
      TOKEN_HEADER,
      CORRELATION_HEADER,
      'x-gitlab-event',
      'idempotency-key',
      'content-type',
    ],
    /** GitLab does not send larger ones. */
    maxBodyBytes: 25 * 1024 * 1024,
    ...verifier,
    parse: jsonBody,
    eventName: (delivery) => neededHeader(delivery, 'x-gitlab-event'),
    deliveryKey,
    // Its payloads have no clock: a branch that goes back and forth, and a tag that is made again, look the same.
    repeatedBody: (delivery) =>
      source.repeatedBody === undefined || deliveryKey(delivery) !== undefined ? undefined : msOf(source.repeatedBody),
    correlationId: (headers) => {
      const id = headers[CORRELATION_HEADER] ?? '';
      return /^[\x21-\x7e]{1,100}$/.test(id) ? id : undefined;
    },
    normalise,
  };
}

/**
 * Returns the id of a delivery, the same for a redelivery; versions before 17.4 send none. `X-Gitlab-Event-UUID` is
 * shared by all hooks of one action, and `X-Gitlab-Webhook-UUID` is new with each request: neither identifies a
 * delivery.
 */
function deliveryKey(delivery: ParsedDelivery): string | undefined {
  const signed = readSigned(delivery.headers);
  if (signed) return signed.id;
  return idInHeader(delivery, 'webhook-id') ?? idInHeader(delivery, 'idempotency-key');
}
