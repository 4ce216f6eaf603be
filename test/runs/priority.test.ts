import { expect, test } from 'vitest';
import { priorityOf } from '../../src/runs/priority.js';

test('repositories take turns, of each source its own; what comes from none has the turn of its source', () => {
  expect(priorityOf({ source: 'github', repository: 'acme/app' })).toEqual({ fairnessKey: 'acme/app github' });
  expect(priorityOf({ source: 'schedule' }, 1)).toEqual({ fairnessKey: 'schedule', priorityKey: 1 });
});

test('a name that is longer than Temporal takes is cut', () => {
  const { fairnessKey = '' } = priorityOf({ source: 'github', repository: 'ä'.repeat(40) });
  expect(Buffer.byteLength(fairnessKey)).toBe(64);
});
