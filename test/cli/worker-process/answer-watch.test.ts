import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchAnswers } from '../../../src/cli/worker-process/answer-watch.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/**
 * Watches a process that answers as long as `is.answering`. `waits`: for how much of its time others have each core, in percent; undefined
 * where the system does not tell.
 */
function watched(waits: number | undefined = undefined) {
  const is = { answering: false };
  const silent: unknown[] = [];
  const began = Date.now();
  const waitedMs = () => (waits === undefined ? undefined : ((Date.now() - began) * waits) / 100);
  const ping = () => (is.answering ? Promise.resolve() : Promise.reject(new Error('no answer')));
  const watch = watchAnswers({ ping, waitedMs, onSilent: (silence) => void silent.push(silence) });
  return { is, silent, ...watch };
}

test('a process that loads for long, since others want each core, is left alone, and one that answers no more is not', async () => {
  const { is, silent, stop } = watched();
  await vi.advanceTimersByTimeAsync(120_000);
  is.answering = true;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(silent).toEqual([]);
  is.answering = false;
  await vi.advanceTimersByTimeAsync(40_000);
  expect(silent).toEqual([{ forMs: 30_000, withoutCoreMs: 0, hasLoaded: true }]);
  stop();
});

test('what a process says by itself is an answer, too', async () => {
  const { silent, heard, stop } = watched();
  heard();
  for (let n = 0; n < 10; n++) {
    await vi.advanceTimersByTimeAsync(20_000);
    heard();
  }
  expect(silent).toEqual([]);
  stop();
});

test('a process that never comes up is told of once, and nothing after the watch was stopped', async () => {
  const { silent, stop } = watched();
  await vi.advanceTimersByTimeAsync(400_000);
  expect(silent).toEqual([{ forMs: 180_000, withoutCoreMs: 0, hasLoaded: false }]);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('what a process does at one go may take longer where others have each core', async () => {
  const { is, silent, stop } = watched(90);
  is.answering = true;
  await vi.advanceTimersByTimeAsync(10_000);
  is.answering = false;
  await vi.advanceTimersByTimeAsync(90_000);
  is.answering = true;
  await vi.advanceTimersByTimeAsync(5_000);
  // The next is another: what it waited before does not count.
  is.answering = false;
  await vi.advanceTimersByTimeAsync(95_000);
  expect(silent).toEqual([]);
  stop();
});

test.each<[number | undefined, number, number]>([
  [undefined, 30_000, 0],
  [0, 30_000, 0],
  [60, 30_000, 18_000],
  [90, 100_000, 90_000],
  [99, 180_000, 178_200],
])(
  'a process that is held, and waits for a core %s of 100 ms, is told of after %i ms',
  async (waits, forMs, withoutCoreMs) => {
    const { is, silent, stop } = watched(waits);
    is.answering = true;
    await vi.advanceTimersByTimeAsync(10_000);
    is.answering = false;
    await vi.advanceTimersByTimeAsync(forMs);
    expect(silent).toEqual([]);
    await vi.advanceTimersByTimeAsync(400_000);
    expect(silent).toEqual([{ forMs, withoutCoreMs, hasLoaded: true }]);
    stop();
  },
);
