import { expect, test } from 'vitest';
import type { JobStep, StepRan } from '../../../src/activities/contract/index.js';
import { runSteps } from '../../../src/workflows/run/job-steps.js';

const options = { timeoutMs: 1_000, afterMs: 1_000, isFinal: true, onStep: () => undefined };

/** Runs steps on a host where they end so, and returns how the job's steps ended and which ran. */
async function ran(steps: readonly JobStep[], ends: Readonly<Record<string, Partial<StepRan>>>) {
  const began: string[] = [];
  const host = {
    isLost: () => false,
    keep: async () => undefined,
    done: [],
    async step({ step: { name } }: { step: { name: string } }): Promise<StepRan> {
      began.push(name);
      return { name, outcome: 'passed', durationMs: 1, ...ends[name] };
    },
  };
  const { results } = await runSteps(host, steps, options);
  return { results, began };
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
