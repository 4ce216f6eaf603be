import { randomUUID } from 'node:crypto';
import { withEvent } from '../conformance.js';
import { hmac, type Sender } from '../signing.js';
import { bitbucketDataCenterFixtures } from './fixtures.js';

export const senders: readonly Sender[] = [
  {
    kind: 'bitbucket-data-center',
    settings: { url: 'https://git.example' },

    headers: (body, _, event = 'repo:refs_changed') => ({
      'x-hub-signature': `sha256=${hmac('hex', body)}`,
      'x-event-key': event,
      'x-request-id': randomUUID(),
    }),
    bodies: bitbucketDataCenterFixtures.map(withEvent('x-event-key')),
  },
];
