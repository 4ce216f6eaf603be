import { randomUUID } from 'node:crypto';
import { examples } from '../../support/harness/delivery.js';
import { hmac, type Sender } from '../signing.js';

export const senders: readonly Sender[] = [
  {
    kind: 'github',
    headers: (body, _, event = 'push') => ({
      'x-hub-signature-256': `sha256=${hmac('hex', body)}`,
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
    }),
    bodies: examples.map(({ event, payload }) => ({ event, body: payload })),
  },
];
