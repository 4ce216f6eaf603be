import { randomUUID } from 'node:crypto';
import { withEvent } from '../conformance.js';
import { type Sender, standard } from '../signing.js';
import { gitlabFixtures } from './fixtures.js';

export const senders: readonly Sender[] = [
  {
    kind: 'gitlab',
    headers: (body, now, event = 'Push Hook') => ({ ...standard(randomUUID(), body, now), 'x-gitlab-event': event }),
    bodies: gitlabFixtures.map(withEvent('x-gitlab-event')),
  },
];
