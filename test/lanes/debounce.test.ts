import { expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { laneClaim, withoutSuperseding } from '../../src/lanes/claim.js';
import { heldBack, lanesOf } from '../../src/lanes/debounce.js';
import { commentEvent, pullRequestEvent, pushEvent, scheduleEvent } from '../triggers/sample-events.js';

const debounce = { waitMs: 30_000, atMostMs: 300_000 };
const claimOf = (event: HookyardEvent, asks = {}, group?: string) => {
  const lanes = lanesOf({ debounce: { ...debounce, ...(group !== undefined && { group }) } }) ?? [];
  const claim = laneClaim(lanes, { automation: 'ci', event });
  return claim && heldBack(claim, { debounce, event, asks });
};

test('without lanes, events wait with those of their branch or pull request, and their runs for nobody', () => {
  const event = pushEvent();
  const { deliveryId, receivedAt, commit } = event;
  expect(claimOf(event)).toMatchObject({
    group: 'branch',
    limit: 1_000,
    held: { ...debounce, event: { deliveryId, receivedAt, sha: commit.sha } },
  });
  expect(claimOf(event)?.lane).not.toBe(claimOf(pushEvent({ branch: 'other' }))?.lane);
  expect(claimOf(event, {}, 'repository')?.lane).toBe(claimOf(pushEvent({ branch: 'other' }), {}, 'repository')?.lane);
  expect(claimOf(scheduleEvent())).toBeUndefined();
});

test('the lanes of an automation count', () => {
  const concurrency = [{ group: 'repository', limit: 2 }];
  expect(lanesOf({ concurrency, debounce })).toBe(concurrency);
  expect(lanesOf({})).toBeUndefined();
});

test('nothing waits that may not begin, and so takes the place of nothing that may', () => {
  const isHeld = (event: HookyardEvent, asks: object, group?: string) =>
    claimOf(event, asks, group)?.held !== undefined;
  expect(isHeld(commentEvent({ number: 7 }), { permission: 'write' })).toBe(false);
  expect(isHeld(pushEvent(), { paths: [['src/**']] })).toBe(false);
  expect(isHeld(pushEvent(), { origin: true })).toBe(false);
  expect(isHeld(pullRequestEvent(), { paths: [['src/**']], approval: true, skipMarker: true })).toBe(true);
  // Somebody else's pull request is in the same lane there.
  for (const asks of [{ approval: true }, { paths: [['src/**']] }, { skipMarker: true }])
    expect(isHeld(pullRequestEvent(), asks, 'repository')).toBe(false);
  expect(isHeld(pullRequestEvent(), {}, 'repository')).toBe(true);
});

test('what is started once more waits for nothing', () => {
  const claim = claimOf(pushEvent());
  expect(claim && withoutSuperseding(claim)).not.toHaveProperty('held');
});
