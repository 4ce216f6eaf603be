import { expect, test } from 'vitest';
import type { HostStep, JobStep, StepRan } from '../../../src/activities/contract/index.js';
import { runSteps } from '../../../src/workflows/run/job-steps.js';

const options = { timeoutMs: 1_000, afterMs: 1_000, isFinal: true, onStep: () => undefined };

/** Runs steps on a host where they end so, and returns how the job's steps ended and which ran. */
async function ran(steps: readonly JobStep[], ends: Readonly<Record<string, Partial<StepRan>>>) {
  const began: string[] = [];
  const turnRed: boolean[] = [];
  const host = {
    isLost: () => false,
    keep: async () => undefined,
    done: [],
    async step({ step: { name, turnsRed } }: { step: HostStep }): Promise<StepRan> {
      began.push(name);
      turnRed.push(turnsRed === true);
      return { name, outcome: 'passed', durationMs: 1, ...ends[name] };
    },
  };
  const { results } = await runSteps(host, steps, options);
  return { results, began, turnRed };
}

test('a step that would end in the same way is not run again, and what always runs runs after it', async () => {
  const { results, began } = await ran(
    [
      { name: 'tests', run: 'x', retries: { limit: 3 } },
      { name: 'more', run: 'x' },
      { name: 'clean', run: 'x', if: 'always' },
    ],
    { tests: { outcome: 'failed', because: 'the database has ended', final: true } },
  );
  expect(began).toEqual(['tests', 'clean']);
  expect(results).toEqual([
    { name: 'tests', outcome: 'failed', because: 'the database has ended', durationMs: 1 },
    { name: 'more', outcome: 'skipped', durationMs: 0 },
    { name: 'clean', outcome: 'passed', durationMs: 1 },
  ]);
});

test.each([[['timeout'] as const], [['lost'] as const], [['exit:75'] as const], [undefined]])(
  'a step that is tried again for %j turns nothing red before its last attempt',
  async (on) => {
    const once = { name: 'tests', run: 'x', retries: { ...(on && { on }), limit: 1 } };
    const end = { outcome: 'failed', final: true } as const;
    expect((await ran([once], { tests: end })).turnRed).toEqual([false]);
    expect((await ran([{ name: 'tests', run: 'x' }], { tests: end })).turnRed).toEqual([true]);
  },
);
