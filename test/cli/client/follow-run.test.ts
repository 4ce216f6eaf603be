import { expect, test } from 'vitest';
import { createLogReader, hasSucceeded } from '../../../src/cli/client/follow-run.js';
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

test('lines have the name of their job from the first one on, before anybody knows of a second job', async () => {
  const written = new Map([['test-20', ['begins']]]);
  const api = {
    logs: async ({ job, after = 0 }: { readonly run: string; readonly job?: string; readonly after?: number }) => {
      const texts = (job === undefined ? undefined : written.get(job)) ?? [];
      const lines = texts
        .map((text, at) => ({ number: at + 1, at: 0, attempt: 1, stream: 'stdout' as const, text }))
        .slice(after);
      return { jobs: [...written.keys()], lines };
    },
  };
  const lines: string[] = [];
  const reader = createLogReader(api, 'ci/github/1', (line) => lines.push(line));
  await reader.read();
  written.set('test-22', ['begins too']).get('test-20')?.push('ends');
  await reader.read();
  expect(lines).toEqual(['test-20   begins', 'test-20   ends', 'test-22   begins too']);
});
