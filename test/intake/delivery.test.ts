import { expect, test } from 'vitest';
import { NO_WINDOW, unreadableDelivery } from '../../src/intake/delivery.js';
import { knownSources } from '../../src/providers/known-sources.js';
import { sourceOf } from '../providers/senders.js';

test('what cannot be read is a delivery of its own each time, unless the provider lists it under a key', () => {
  const { hub } = knownSources({ hub: sourceOf('github') });
  if (hub === undefined) throw new Error('the source is not known');
  const sender = { ...hub, name: 'hub', headers: {} };
  const unread = (listed?: string) =>
    unreadableDelivery(sender, { body: Buffer.from('{'), receivedAt: 1, ...(listed !== undefined && { listed }) });
  const [one, other] = [unread(), unread()];
  for (const { key } of [one, other]) expect(key).toMatch(/^unreadable-[0-9a-f-]{36}$/);
  expect(new Set([one, other].flatMap(({ id, key, bodyHash }) => [id, key, bodyHash])).size).toBe(6);
  expect(unread('sweep/7')).toMatchObject({ key: '%sweep/7', eventName: 'unreadable', repeatedSince: NO_WINDOW });
  expect(unread('7')).toEqual(unread('7'));
});
