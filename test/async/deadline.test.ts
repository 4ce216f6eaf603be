import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { valueWithin, withDeadline } from '../../src/async/deadline.js';

const never = () => new Promise<never>(() => {});

test('work that does not listen is given up when its time is over, also after a garbage collection', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const parent = new AbortController();
  const done = withDeadline({ ms: 100, parent: parent.signal }, never);
  collect();
  await expect(done).rejects.toThrow('no answer within 0.1 seconds');
});

test('the parent ends the work with its own reason, also when it had aborted before', async () => {
  const parent = new AbortController();
  const done = withDeadline({ ms: 60_000, parent: parent.signal }, never);
  parent.abort(new Error('cancelled'));
  await expect(done).rejects.toThrow('cancelled');
  await expect(withDeadline({ ms: 60_000, parent: parent.signal }, never)).rejects.toThrow('cancelled');
});

test('work that is done is not disturbed', async () => {
  const seen: AbortSignal[] = [];
  const done = await withDeadline({ ms: 5 }, async (signal) => {
    seen.push(signal);
    return 7;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([done, seen[0]?.aborted]).toEqual([7, false]);
});

test('the error is the caller’s, and the work’s signal aborts with it', async () => {
  const seen: AbortSignal[] = [];
  const mine = new Error('not stopped in time');
  const done = withDeadline({ ms: 5, error: () => mine }, (signal) => {
    seen.push(signal);
    return never();
  });
  await expect(done).rejects.toBe(mine);
  expect(seen[0]?.reason).toBe(mine);
});

test('the reason wins over what work fails with when its signal aborts', async () => {
  const failing = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('its own'))));
  await expect(withDeadline({ ms: 5 }, failing)).rejects.toThrow('no answer within');
});

test('a value is undefined when it is late or fails', async () => {
  expect(await valueWithin(5, never())).toBeUndefined();
  expect(await valueWithin(5, Promise.reject(new Error('no')))).toBeUndefined();
  expect(await valueWithin(60_000, Promise.resolve(7))).toBe(7);
});
