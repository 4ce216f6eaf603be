import { afterEach, expect, test, vi } from 'vitest';
import { createLogReader, followRun, hasSucceeded } from '../../../src/cli/client/follow-run.js';
import { ServerAway, UserError } from '../../../src/cli/user-error.js';
import { RUN_OUTCOMES } from '../../../src/events/run-outcome.js';
import type { RunState } from '../../../src/server/api/contract.js';

afterEach(() => vi.useRealTimers());

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

const MINUTE = 60_000;
const RUNNING: RunState = { status: 'running' };
const PASSED: RunState = { status: 'completed', outcome: 'passed' };
const AWAY = new ServerAway('No Hookyard server answers');

/** Follows a run whose state is asked for each so many minutes, and is this, one after the other. */
function followed(minutes: number, ...states: readonly (RunState | undefined | UserError)[]): Promise<RunState> {
  vi.useFakeTimers({ toFake: ['Date'] });
  const left = [...states];
  const api = {
    async run() {
      vi.setSystemTime(Date.now() + minutes * MINUTE);
      const state = left.length > 1 ? left.shift() : left[0];
      if (state instanceof UserError) throw state;
      return state;
    },
    logs: async () => ({ jobs: [], lines: [] }),
  };
  return followRun(api, 'ci/github/1', { onLine: () => undefined, pauseMs: 1 });
}

test('a run is followed until it has ended, also where it waits for days', async () => {
  expect(await followed(24 * 60, RUNNING, RUNNING, RUNNING, PASSED)).toBe(PASSED);
});

test('a server that is started again meanwhile is asked again; one that stays away, or never answered, is told of', async () => {
  expect(await followed(0.5, RUNNING, AWAY, AWAY, RUNNING, AWAY, AWAY, PASSED)).toBe(PASSED);
  await expect(followed(0.5, RUNNING, AWAY)).rejects.toBe(AWAY);
  await expect(followed(0.01, AWAY, PASSED)).rejects.toBe(AWAY);
});

test('what followed while the machine slept goes on when it wakes, though nothing answers in the first moments', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const states = [RUNNING, AWAY, RUNNING, PASSED];
  const api = {
    async run() {
      const state = states.shift();
      if (state !== AWAY) return state as RunState;
      vi.setSystemTime(Date.now() + 8 * 60 * MINUTE);
      throw state;
    },
    logs: async () => ({ jobs: [], lines: [] }),
  };
  expect(await followRun(api, 'ci/github/1', { onLine: () => undefined, pauseMs: 1 })).toBe(PASSED);
});

test('an output that takes minutes to be read is read to its end, over a server that is away for moments meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const line = { at: 0, attempt: 1, stream: 'stdout' as const, text: 'x' };
  let asked = 0;
  const api = {
    run: async () => PASSED,
    async logs({ job, after = 0 }: { readonly job?: string; readonly after?: number }) {
      if (job === undefined) return { jobs: ['build'], lines: [] };
      vi.setSystemTime(Date.now() + MINUTE);
      asked += 1;
      if (asked % 3 === 0) throw AWAY;
      const lines = Array.from({ length: Math.min(500, 3_000 - after) }, (_, i) => ({
        ...line,
        number: after + i + 1,
      }));
      return { jobs: ['build'], lines };
    },
  };
  let lines = 0;
  const onLine = () => {
    lines += 1;
  };
  expect(await followRun(api, 'ci/github/1', { onLine, pauseMs: 1 })).toBe(PASSED);
  expect(lines).toBe(3_000);
});

test('a server whose output is not to be had is told of, though it says how the run stands', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const api = {
    run: async () => PASSED,
    async logs(): Promise<never> {
      vi.setSystemTime(Date.now() + MINUTE);
      throw AWAY;
    },
  };
  await expect(followRun(api, 'ci/github/1', { onLine: () => undefined, pauseMs: 1 })).rejects.toBe(AWAY);
});

test('a server that refuses is not asked again: the next answer would be the same', async () => {
  const refused = new UserError('http://hooks.example answers 401: the API token is not that server’s');
  await expect(followed(0.01, RUNNING, refused, PASSED)).rejects.toBe(refused);
});

test('a run that nobody knows, or knows any more, is waited for no longer than one that is just being started', async () => {
  expect(await followed(0.01, undefined, undefined, RUNNING, PASSED)).toBe(PASSED);
  await expect(followed(0.05, undefined)).rejects.toThrow('There is no run "ci/github/1"');
  await expect(followed(0.05, RUNNING, undefined)).rejects.toThrow('There is no run "ci/github/1"');
});
