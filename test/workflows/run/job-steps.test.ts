import { expect, test } from 'vitest';
import type { HostStep, JobStep, StepRan } from '../../../src/activities/contract/index.js';
import { runSteps } from '../../../src/workflows/run/job-steps.js';

const options = () => ({ timeoutMs: 1_000, afterMs: 1_000, isFinal: true, known: new Map(), onStep: () => undefined });

/** Runs steps on a host where they end so, and returns how the job's steps ended and which ran. */
async function ran(steps: readonly JobStep[], ends: Readonly<Record<string, Partial<StepRan>>>) {
  const began: string[] = [];
  const turnRed: boolean[] = [];
  const host = {
    isLost: () => false,
    keep: async () => undefined,
    snapshot: async () => undefined,
    done: [],
    after: 0,
    async step({ step: { name, turnsRed } }: { step: HostStep }): Promise<StepRan> {
      began.push(name);
      turnRed.push(turnsRed === true);
      return { name, outcome: 'passed', durationMs: 1, ...ends[name] };
    },
  };
  const { results } = await runSteps(host, steps, options());
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

/** Runs steps of which each host has the one lost that it can't get beyond, and returns what ran where, and what the job came to. */
async function ranOn(
  hosts: readonly { readonly after: number; readonly lost?: string }[],
  steps: readonly JobStep[],
  ends: Readonly<Record<string, Partial<StepRan>>> = {},
) {
  const shared = options();
  const ran: string[][] = [];
  const snapshots: number[] = [];
  for (const { after, lost } of hosts) {
    const began: string[] = [];
    ran.push(began);
    let isGone: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (isGone = resolve));
    const host = {
      ...{ isLost: () => false, done: [], after },
      keep: async () => undefined,
      snapshot: async (number: number) => void snapshots.push(number),
      async step({ step: { name } }: { step: HostStep }): Promise<StepRan> {
        began.push(name);
        if (name !== lost) return { name, outcome: 'passed', durationMs: 1, ...ends[name] };
        isGone();
        return new Promise<never>(() => undefined);
      },
    };
    const done = await Promise.race([runSteps(host, steps, shared), gone]);
    if (done) return { ran, snapshots, ...done };
  }
  throw new Error('no host did all');
}

const FIVE: readonly JobStep[] = [
  { name: 'one', run: 'x' },
  { name: 'two', run: 'x', snapshot: true },
  { name: 'three', run: 'x' },
  { name: 'four', run: 'x', snapshot: true },
  { name: 'five', run: 'x', snapshot: true },
];

test('a job whose host is lost goes on after the last snapshot, with what the steps before came to', async () => {
  const { ran, results, outputs, summary, snapshots } = await ranOn([{ after: 0, lost: 'three' }, { after: 2 }], FIVE, {
    one: { outputs: { version: '1', name: 'a' }, summary: 'one' },
    three: { outputs: { version: '3' }, summary: 'three' },
  });
  expect(ran).toEqual([
    ['one', 'two', 'three'],
    ['three', 'four', 'five'],
  ]);
  // Nothing follows the last step.
  expect(snapshots).toEqual([2, 4]);
  expect(results.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(FIVE.map(({ name }) => `${name} passed`));
  expect({ outputs, summary }).toEqual({ outputs: { version: '3', name: 'a' }, summary: 'one\n\nthree' });
});

test('a host that has no snapshot at hand runs all of it, and what it comes to counts', async () => {
  const { ran, outputs } = await ranOn([{ after: 0, lost: 'three' }, { after: 0 }], FIVE, {
    one: { outputs: { v: '1' } },
  });
  expect(ran[1]).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(outputs).toEqual({ v: '1' });
});

test('steps that were skipped or gone on after stay so, and background steps begin again', async () => {
  const steps: readonly JobStep[] = [
    { name: 'database', run: 'x', background: true },
    { name: 'lint', run: 'x', continueOnError: true },
    { name: 'mourn', run: 'x', if: 'failure' },
    { name: 'build', run: 'x', snapshot: true, retries: { limit: 2 } },
    { name: 'test', run: 'x' },
  ];
  const ends = { lint: { outcome: 'failed', exitCode: 1 } as const };
  const { ran, results } = await ranOn([{ after: 0, lost: 'test' }, { after: 4 }], steps, ends);
  expect(ran[1]).toEqual(['database', 'test']);
  expect(results).toMatchObject([
    { name: 'database', outcome: 'passed' },
    { name: 'lint', outcome: 'failed', continued: true },
    { name: 'mourn', outcome: 'skipped' },
    { name: 'build', outcome: 'passed' },
    { name: 'test', outcome: 'passed' },
  ]);
});

test('no snapshot is made of what a step leaves that did not pass, nor of what runs at the end', async () => {
  const steps: readonly JobStep[] = [
    { name: 'build', run: 'x', snapshot: true },
    { name: 'clean', run: 'x', if: 'always', snapshot: true },
    { name: 'last', run: 'x', if: 'always' },
  ];
  const { snapshots } = await ranOn([{ after: 0 }], steps, { build: { outcome: 'failed', exitCode: 1 } });
  expect(snapshots).toEqual([]);
});

test('a step is not said to begin on a host that is lost', async () => {
  const said: string[] = [];
  let isLost = false;
  const host = {
    ...{ isLost: () => isLost, done: [], after: 0 },
    keep: async () => undefined,
    snapshot: async () => undefined,
    async step({ step: { name } }: { step: HostStep }): Promise<StepRan> {
      isLost = true;
      return { name, outcome: 'passed', durationMs: 1 };
    },
  };
  const steps = ['first', 'second'].map((name) => ({ name, run: 'x' }));
  await runSteps(host, steps, { ...options(), onStep: (words) => said.push(words) });
  expect(said).toEqual(['step 1 of 2: first']);
});
