import { randomUUID } from 'node:crypto';
import { examples } from '../../support/harness/delivery.js';
import { pushPayload, repository } from '../../support/harness/payloads.js';
import { hmac, type Sender } from '../signing.js';
import { mergeGroupPayload, QUEUE_REF } from './merge-group.js';
import { stackedPayload } from './pull-request.js';

export const senders: readonly Sender[] = [
  {
    kind: 'github',
    headers: (body, _, event = 'push') => ({
      'x-hub-signature-256': `sha256=${hmac('hex', body)}`,
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
    }),
    bodies: [
      ...examples.map(({ event, payload }) => ({ event, body: payload })),
      // Newer than the recorded ones.
      { event: 'merge_group', body: { repository, ...mergeGroupPayload() } },
      { event: 'merge_group', body: { repository, ...mergeGroupPayload({ action: 'destroyed', reason: 'dequeued' }) } },
      { event: 'push', body: pushPayload({ ref: QUEUE_REF, created: true }) },
      { event: 'pull_request', body: stackedPayload() },
    ],
  },
];
