import { expect, test } from 'vitest';
import { createRepeats } from '../../src/worker/repeats.js';

test('calls to Temporal that are tried again and again are one line a minute, whichever calls they are', () => {
  const { isRepeat } = createRepeats();
  expect(isRepeat('gRPC call poll_workflow_task_queue retried 6 times', 0)).toBe(false);
  expect(isRepeat('gRPC call poll_activity_task_queue retried 7 times', 1_000)).toBe(true);
  expect(isRepeat('Task not found when completing', 1_000)).toBe(false);
  expect(isRepeat('gRPC call poll_activity_task_queue retried 30 times', 59_999)).toBe(true);
  expect(isRepeat('gRPC call poll_workflow_task_queue retried 40 times', 60_000)).toBe(false);
});

test('ever new lines take no more memory than some', () => {
  const { isRepeat } = createRepeats();
  expect(isRepeat('a line of letters', 0)).toBe(false);
  for (let i = 0; i < 300; i += 1) isRepeat(`kind ${String.fromCharCode(0x4e00 + i)}`, 1);
  // Forgotten, and so told once more.
  expect(isRepeat('a line of letters', 2)).toBe(false);
});
