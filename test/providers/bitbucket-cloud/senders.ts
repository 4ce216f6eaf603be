import { randomUUID } from 'node:crypto';
import { withEvent } from '../conformance.js';
import { hmac, type Sender } from '../signing.js';
import { bitbucketCloudFixtures } from './fixtures.js';

export const senders: readonly Sender[] = [
  {
    kind: 'bitbucket-cloud',

    headers: (body, _, event = 'repo:push') => ({
      'x-hub-signature': `sha256=${hmac('hex', body)}`,
      'x-event-key': event,
      'x-request-uuid': randomUUID(),
    }),
    bodies: bitbucketCloudFixtures.map(withEvent('x-event-key')),
  },
];
