import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { shareTime } from '../../../../src/activities/job/packing/shared-time.js';

const never = new AbortController().signal;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('pieces of work have their time together: what one has taken, the next lacks', async () => {
  const time = shareTime('what is kept of it', 5 * 60_000);
  const first = time.within(never, async () => {
    await vi.advanceTimersByTimeAsync(4 * 60_000);
    return 'done';
  });
  expect(await first).toBe('done');
  const aborted = vi.fn();
  const second = time.within(never, (signal) => {
    signal.addEventListener('abort', aborted);
    return new Promise(() => undefined);
  });
  const ended = expect(second).rejects.toThrow('what is kept of it took more than 5 minutes in all');
  await vi.advanceTimersByTimeAsync(59_000);
  expect(aborted).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  await ended;
  expect(aborted).toHaveBeenCalledOnce();
});

test('work that there is no time for does not begin', async () => {
  for (const [ms, words] of [
    [45_000, '45 s'],
    [-1, '0 s'],
  ] as const) {
    const time = shareTime('this', ms);
    const work = vi.fn();
    await vi.advanceTimersByTimeAsync(60_000);
    await expect(time.within(never, work)).rejects.toThrow(`this took more than ${words} in all`);
    expect(work).not.toHaveBeenCalled();
  }
});

test('where the time is short for a reason, that reason is told, before work begins as while it goes on', async () => {
  const why = "the job's time was over";
  await expect(shareTime('this', -1, why).within(never, vi.fn())).rejects.toThrow(why);
  const cut = expect(shareTime('this', 300, why).within(never, () => new Promise(() => undefined))).rejects.toThrow(
    why,
  );
  await vi.advanceTimersByTimeAsync(300);
  await cut;
});

test('work that fails or is cancelled throws its own reason', async () => {
  const time = shareTime('this', 60_000);
  await expect(time.within(never, () => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
  const cancelled = AbortSignal.abort(new Error('cancelled'));
  await expect(time.within(cancelled, () => pause(60_000))).rejects.toThrow('cancelled');
});
