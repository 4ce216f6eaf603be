import { randomUUID } from 'node:crypto';
import { withEvent } from '../conformance.js';
import { hmac, type Sender } from '../signing.js';
import { giteaFixtures } from './fixtures.js';

export const senders: readonly Sender[] = (['gitea', 'forgejo', 'gogs'] as const).map((kind) => ({
  kind,
  settings: { url: 'https://git.example' },
  headers: (body, _, event = 'push') => ({
    [`x-${kind}-signature`]: hmac('hex', body),
    [`x-${kind}-event`]: event,
    [`x-${kind}-delivery`]: randomUUID(),
  }),
  bodies: giteaFixtures(`x-${kind}`).map(withEvent(`x-${kind}-event`)),
}));
