import { expect, test } from 'vitest';
import { createLogThrottle } from '../../src/worker/log-throttle.js';

test('calls to Temporal that are tried again and again are one line a minute, whichever calls they are', () => {
  const { isRepeat } = createLogThrottle();
  expect(isRepeat('gRPC call poll_workflow_task_queue retried 6 times', 0)).toBe(false);
  expect(isRepeat('gRPC call poll_activity_task_queue retried 7 times', 1_000)).toBe(true);
  expect(isRepeat('Task not found when completing', 1_000)).toBe(false);
  expect(isRepeat('gRPC call poll_activity_task_queue retried 30 times', 59_999)).toBe(true);
  expect(isRepeat('gRPC call poll_workflow_task_queue retried 40 times', 60_000)).toBe(false);
});

test('a line about each run that a standstill of the worker held up is one line', () => {
  const { isRepeat } = createLogThrottle();
  const line = (run: string) => `[TMPRL1104] ${run}:4:1 Workflow task duration exceeded 5 seconds.`;
  expect(isRepeat(line('01a20e21-d96a-7d8f-a9c5-63e2ad08ab4c'), 0)).toBe(false);
  expect(isRepeat(line('01a20e21-d2d2-794f-81d6-220a5c1f7ce0'), 1)).toBe(true);
});

test('ever new lines take no more memory than some', () => {
  const { isRepeat } = createLogThrottle();
  expect(isRepeat('a line of letters', 0)).toBe(false);
  for (let i = 0; i < 300; i += 1) isRepeat(`kind ${String.fromCharCode(0x4e00 + i)}`, 1);
  // Forgotten, and so told once more.
  expect(isRepeat('a line of letters', 2)).toBe(false);
});
