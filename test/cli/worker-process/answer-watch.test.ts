import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchAnswers } from '../../../src/cli/worker-process/answer-watch.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Watches a process that answers as long as `is.answering`. */
function watched() {
  const is = { answering: false };
  const silent: unknown[] = [];
  const ping = () => (is.answering ? Promise.resolve() : Promise.reject(new Error('no answer')));
  const watch = watchAnswers({ ping, onSilent: (silence) => void silent.push(silence) });
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
  expect(silent).toEqual([{ forMs: 30_000, hasLoaded: true }]);
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
  expect(silent).toEqual([{ forMs: 180_000, hasLoaded: false }]);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});
