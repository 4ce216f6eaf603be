import { expect, test } from 'vitest';
import { hasSucceeded } from '../../../src/cli/client/follow-run.js';
import { RUN_OUTCOMES } from '../../../src/events/run-outcome.js';

test('a run has succeeded that completed without a build, or whose builds passed or were skipped', () => {
  const good = [undefined, ...RUN_OUTCOMES].filter((outcome) =>
    hasSucceeded({ status: 'completed', ...(outcome && { outcome }) }),
  );
  expect(good).toEqual([undefined, 'passed', 'skipped']);
});

test.each([
  'waiting',
  'running',
  'failed',
  'cancelled',
  'terminated',
  'timed out',
  'failed to start',
  'forgotten',
  'unknown',
] as const)('a run that is %s has not succeeded', (status) => {
  expect(hasSucceeded({ status, outcome: 'passed' })).toBe(false);
});
