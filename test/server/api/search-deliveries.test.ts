import { expect, test } from 'vitest';
import { isFound } from '../../../src/server/api/search-deliveries.js';
import type { DeliveryRecord } from '../../../src/store/store.js';
import { pushEvent } from '../../triggers/sample-events.js';

const SHA = '1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c';
const delivery = {
  ...{ id: 'd0c4cf37', key: 'k', source: 'github', eventName: 'push', verdicts: [], dispatches: [] },
  events: [pushEvent({ commit: { sha: SHA, message: 'Sell more', author: 'ada' } })],
} as unknown as DeliveryRecord;

test.each([
  [SHA, true],
  [SHA.toUpperCase(), true],
  [SHA.slice(0, 12), true],
  [SHA.slice(0, 7), true],
  [`${SHA}0`, false],
  [SHA.slice(1), false],
  // Shorter ones are looked for in what is shown.
  [SHA.slice(0, 4), true],
  ['push to main', true],
  ['nothing', false],
])('a delivery is found by its commit as it is pasted: %s, %s', (text, isHere) => {
  expect(isFound(delivery, { text })).toBe(isHere);
});
