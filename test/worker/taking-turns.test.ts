import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { takingTurns } from '../../src/worker/taking-turns.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Returns what says whether something has begun. */
function watched(begins: Promise<unknown>): () => Promise<boolean> {
  let begun = false;
  void begins.then(() => {
    begun = true;
  });
  return async () => {
    await vi.advanceTimersByTimeAsync(0);
    return begun;
  };
}

test('an activity begins when the code that is at work has ended', async () => {
  const turns = takingTurns(undefined);
  await turns.codeBegins();
  const step = watched(turns.stepBegins());
  expect(await step()).toBe(false);
  turns.codeEnds();
  expect(await step()).toBe(true);
});

test('code begins when all activities that are at work have ended', async () => {
  const turns = takingTurns(undefined);
  const ends = [await turns.stepBegins(), await turns.stepBegins()];
  const code = watched(turns.codeBegins());
  ends[1]?.();
  expect(await code()).toBe(false);
  ends[0]?.();
  expect(await code()).toBe(true);
});

test('code that was let on keeps an activity waiting that comes at the same moment', async () => {
  const turns = takingTurns(undefined);
  const end = await turns.stepBegins();
  const code = watched(turns.codeBegins());
  end();
  const step = watched(turns.stepBegins());
  const begun = [await code(), await step()];
  // Whoever is first: never both.
  expect(begun.filter(Boolean)).toHaveLength(1);
});

test('code waits for an activity no longer than its patience, which begins with the activity', async () => {
  const turns = takingTurns(8_000);
  await turns.stepBegins();
  await vi.advanceTimersByTimeAsync(5_000);
  const code = watched(turns.codeBegins());
  await vi.advanceTimersByTimeAsync(2_999);
  expect(await code()).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await code()).toBe(true);
});

test('nobody waits once it is over', async () => {
  const turns = takingTurns(undefined);
  await turns.stepBegins();
  const code = watched(turns.codeBegins());
  turns.end();
  expect(await code()).toBe(true);
  expect(await watched(turns.stepBegins())()).toBe(true);
});
