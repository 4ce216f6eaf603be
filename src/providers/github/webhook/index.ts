import { z } from 'zod';
import { idInHeader } from '../../delivery-fields.js';
import { GIT_EVENTS, MalformedPayload, type ParsedDelivery, type WebhookScheme } from '../../webhook-scheme.js';
import type { GithubSource } from '../settings.js';
import { normalise } from './normalise.js';
import { parse } from './parse.js';
import { createVerify, isSigned, SIGNATURE_HEADER } from './verify.js';

const EVENT_HEADER = 'x-github-event';
const DELIVERY_HEADER = 'x-github-delivery';

/**
 * Returns the scheme of a source of GitHub, GitHub Enterprise Server, and whatever sends as they do. Source:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
export const github = ({ secrets }: Pick<GithubSource, 'secrets'>): WebhookScheme => ({
  capabilities: {
    verifiedBy: 'HMAC-SHA256 of the body in `X-Hub-Signature-256`; SHA-1 alone is refused',
    key: '`X-GitHub-Delivery`, and the body',
    events: [...GIT_EVENTS, 'merge_group', 'release', 'deployment', 'status'],
  },
  singletonHeaders: [SIGNATURE_HEADER, EVENT_HEADER, DELIVERY_HEADER, 'x-hub-signature', 'content-type'],
  /** GitHub does not send larger ones. */
  maxBodyBytes: 25 * 1024 * 1024,
  isSigned,
  verify: createVerify(secrets),
  parse,
  eventName,
  /** A GUID that a redelivery repeats. */
  deliveryKey: (delivery) => idInHeader(delivery, DELIVERY_HEADER),
  repeatedBody: (delivery) => (mayComeAgain(delivery) ? undefined : 'inbox'),
  normalise,
});

/** Events that somebody may ask for twice, with nothing in the payload that has changed between. */
const ASKED_FOR = ['repository_dispatch', 'workflow_dispatch'];
const ASKING = ['rerequested', 'requested_action'];
const actionSchema = z.object({ action: z.string() });

/**
 * Returns whether two deliveries may have the same bytes, and both be true: somebody asks for something once more, or edits a
 * release back and forth, of which not all payloads tell a time. All other payloads tell when the repository was last pushed to, or
 * what they are about was changed.
 */
function mayComeAgain({ headers, payload }: ParsedDelivery): boolean {
  const event = headers[EVENT_HEADER] ?? '';
  const action = actionSchema.safeParse(payload).data?.action ?? '';
  return ASKED_FOR.includes(event) || ASKING.includes(action) || (event === 'release' && action === 'edited');
}

function eventName({ headers }: ParsedDelivery): string {
  const name = headers[EVENT_HEADER];
  if (!name) throw new MalformedPayload(`the header ${EVENT_HEADER} is missing`);
  if (!/^[a-z0-9_]{1,100}$/.test(name)) throw new MalformedPayload(`the header ${EVENT_HEADER} is malformed`);
  return name;
}
