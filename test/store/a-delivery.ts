import { createHash } from 'node:crypto';
import type { HookyardEvent } from '../../src/events/event.js';
import type { NewDelivery } from '../../src/store/store.js';

/** A delivery that starts the automation `ci`, with whatever a test wants to be different. */
export function aDelivery(key: string, changes: Partial<NewDelivery> = {}): NewDelivery {
  const source = changes.source ?? 'hub';
  const body = changes.body ?? Buffer.from(JSON.stringify({ key }));
  const receivedAt = changes.receivedAt ?? Date.now();
  const id = changes.id ?? createHash('sha256').update(`${source}\n${key}`).digest('hex').slice(0, 20);
  return {
    id,
    source,
    key,
    bodyHash: createHash('sha256').update(body).digest('hex'),
    repeatedSince: receivedAt - 86_400_000,
    eventName: 'push',
    receivedAt,
    headers: { 'x-github-event': 'push', 'user-agent': 'GitHub-Hookshot/1' },
    body,
    events: [aPush(source, id)],
    verdicts: [
      { automation: 'ci', outcome: 'start', because: 'push to main', workflowId: `ci/${source}/${key}` },
      { automation: 'release', outcome: 'filtered', because: 'not a tag' },
    ],
    ...changes,
  };
}

function aPush(source: string, deliveryId: string): HookyardEvent {
  return {
    kind: 'push',
    source,
    provider: 'github',
    deliveryId,
    receivedAt: '2026-01-02T03:04:05.000Z',
    repository: {
      id: '9007199254740993',
      fullName: 'ada/engine',
      url: 'https://example.com/ada/engine',
      private: false,
    },
    sender: { login: 'ada', bot: false },
    ref: 'refs/heads/main',
    branch: 'main',
    commit: { sha: 'a'.repeat(40), message: 'Größe: 10 µm ✓' },
    created: false,
    forced: false,
  };
}
