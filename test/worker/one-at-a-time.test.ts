import type { ActivitySlotInfo, SlotPermit, SlotReserveContext } from '@temporalio/worker';
import { expect, test, vi } from 'vitest';
import { oneAtATime } from '../../src/worker/one-at-a-time.js';

const taskOf = (activityType: string): ActivitySlotInfo => ({ type: 'activity', activityType });
const context = {} as SlotReserveContext;

/** Returns a supplier in which `author` runs alone, and what it says. */
function turns(atMost = 3, aloneMs?: number) {
  const ended: string[] = [];
  const slots = oneAtATime<ActivitySlotInfo>({
    alone: ({ activityType }) => activityType === 'author',
    ...{ atMost, aloneMs },
    onEnd: ({ activityType }) => ended.push(activityType),
  });
  const never = new AbortController();
  /** Asks for a slot; `permit` is set once there is one. */
  const ask = (signal = never.signal) => {
    const asked: { permit?: SlotPermit; refused?: unknown } = {};
    slots.reserveSlot(context, signal).then(
      (permit) => {
        asked.permit = permit;
      },
      (error: unknown) => {
        asked.refused = error;
      },
    );
    return asked;
  };
  return { slots, ended, ask };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the next is asked for only when the last has ended', async () => {
  const { slots, ended, ask } = turns();
  const first = ask();
  const second = ask();
  await settled();
  slots.markSlotUsed({ slotInfo: taskOf('author'), permit: first.permit ?? {} });
  await settled();
  expect(second.permit).toBeUndefined();
  slots.releaseSlot({ slotInfo: taskOf('author'), permit: first.permit ?? {} });
  await settled();
  expect([second.permit !== undefined, ended]).toEqual([true, ['author']]);
});

test('what does not run alone lets others be asked for, up to the most', async () => {
  const { slots, ask } = turns(2);
  const [one, two, three] = [ask(), ask(), ask()];
  await settled();
  expect([one, two, three].map(({ permit }) => permit !== undefined)).toEqual([true, false, false]);
  slots.markSlotUsed({ slotInfo: taskOf('own'), permit: one.permit ?? {} });
  await settled();
  slots.markSlotUsed({ slotInfo: taskOf('own'), permit: two.permit ?? {} });
  await settled();
  expect(three.permit).toBeUndefined();
  slots.releaseSlot({ slotInfo: taskOf('own'), permit: one.permit ?? {} });
  await settled();
  expect(three.permit).toBeDefined();
});

test('a slot that was given back unused is the next one that asks', async () => {
  const { slots, ended, ask } = turns();
  const [one, two] = [ask(), ask()];
  await settled();
  slots.releaseSlot({ permit: one.permit ?? {} });
  await settled();
  expect([two.permit !== undefined, ended]).toEqual([true, []]);
});

test('who stops asking gets none, and keeps none from others', async () => {
  const { slots, ask } = turns();
  const stopping = new AbortController();
  const [one, two, three] = [ask(), ask(stopping.signal), ask()];
  await settled();
  stopping.abort(new Error('stop'));
  await settled();
  expect(two.refused).toEqual(new Error('stop'));
  slots.releaseSlot({ permit: one.permit ?? {} });
  await settled();
  expect([two.permit, three.permit !== undefined]).toEqual([undefined, true]);
});

test('nothing is handed out without a poll', () => {
  expect(turns().slots.tryReserveSlot(context)).toBeNull();
});

test('once it is retired nobody else gets one, and it rests when the last task has ended', async () => {
  const { slots, ask } = turns();
  const one = ask();
  await settled();
  slots.markSlotUsed({ slotInfo: taskOf('own'), permit: one.permit ?? {} });
  const polling = ask();
  await settled();
  let rests = false;
  void slots.retire().then(() => {
    rests = true;
  });
  const late = ask();
  slots.markSlotUsed({ slotInfo: taskOf('own'), permit: polling.permit ?? {} });
  slots.releaseSlot({ slotInfo: taskOf('own'), permit: one.permit ?? {} });
  await settled();
  expect([late.permit, rests]).toEqual([undefined, false]);
  slots.releaseSlot({ slotInfo: taskOf('own'), permit: polling.permit ?? {} });
  await settled();
  expect([late.permit, rests]).toEqual([undefined, true]);
});

test('others go on beside a task that has run alone for long, and wait again for the next that does', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { slots, ask } = turns(4, 60_000);
    const [long, next, third] = [ask(), ask(), ask()];
    await settled();
    slots.markSlotUsed({ slotInfo: taskOf('author'), permit: long.permit ?? {} });
    vi.advanceTimersByTime(59_999);
    await settled();
    expect(next.permit).toBeUndefined();
    vi.advanceTimersByTime(1);
    await settled();
    expect([next.permit !== undefined, third.permit]).toEqual([true, undefined]);
    slots.markSlotUsed({ slotInfo: taskOf('author'), permit: next.permit ?? {} });
    slots.releaseSlot({ slotInfo: taskOf('author'), permit: long.permit ?? {} });
    await settled();
    expect(third.permit).toBeUndefined();
    slots.releaseSlot({ slotInfo: taskOf('author'), permit: next.permit ?? {} });
    await settled();
    expect(third.permit).toBeDefined();
    // The time of one that has ended is not that of the next.
    slots.markSlotUsed({ slotInfo: taskOf('author'), permit: third.permit ?? {} });
    const last = ask();
    vi.advanceTimersByTime(59_999);
    await settled();
    expect(last.permit).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});
