import { randomUUID } from 'node:crypto';
import type { HookyardEvent } from '../../../src/events/event.js';
import { deliveryId } from '../../../src/intake/delivery-id.js';
import type { NewDelivery } from '../../../src/store/store.js';
import { pushEvent } from '../../triggers/sample-events.js';

/** A delivery as the receiver stores it, that starts the named workflows. */
export function row(workflowIds: readonly string[], event: HookyardEvent = pushEvent()): NewDelivery {
  const key = randomUUID();
  const id = deliveryId('github', key);
  return {
    id,
    source: 'github',
    key,
    bodyHash: key,
    repeatedSince: Number.MAX_SAFE_INTEGER,
    eventName: 'push',
    receivedAt: Date.now(),
    headers: {},
    body: Buffer.from('{}'),
    events: [{ ...event, deliveryId: id }],
    verdicts: workflowIds.map((workflowId) => ({
      automation: workflowId.split('/')[0] ?? '',
      outcome: 'start',
      because: 'a test',
      workflowId,
    })),
  };
}
