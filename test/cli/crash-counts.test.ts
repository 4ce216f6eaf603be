import { expect, test } from 'vitest';
import { createCrashCounts, type Death, type RunAtWork } from '../../src/cli/worker-process/crash-counts.js';

let attempts = 0;
/** Another attempt of a run each time. */
function attemptOf(name: string): RunAtWork {
  attempts += 1;
  return { workflowId: name, runId: name, automation: 'a', at: 'workflow code', begun: `${attempts}.0` };
}

/** Returns a function that lets a worker process die, and returns the names of the runs to set aside. */
function deaths() {
  const crashes = createCrashCounts();
  return (death: Death, ...runs: (string | RunAtWork)[]) =>
    crashes
      .record(
        death,
        runs.map((one) => (typeof one === 'string' ? attemptOf(one) : one)),
      )
      .map(({ runId }) => runId);
}

test('a run that was at work at two crashes is set aside, and those that were there at one are not', () => {
  const die = deaths();
  expect(die('crashed', 'loop', 'other')).toEqual([]);
  expect(die('crashed', 'third', 'loop')).toEqual(['loop']);
});

test('a run that was not at work at a crash begins anew', () => {
  const die = deaths();
  die('crashed', 'loop');
  die('crashed', 'other');
  expect(die('crashed', 'loop')).toEqual([]);
  expect(die('crashed', 'loop')).toEqual(['loop']);
});

test('of several that were at work at each crash none is set aside before the eighth', () => {
  const die = deaths();
  expect([1, 2, 3, 4, 5, 6, 7].flatMap(() => die('crashed', 'loop', 'other'))).toEqual([]);
  expect(die('crashed', 'loop', 'other')).toEqual(['loop', 'other']);
});

test('a worker that others kill says little about its runs', () => {
  const die = deaths();
  expect([1, 2, 3].flatMap(() => die('killed', 'loop'))).toEqual([]);
  expect(die('killed', 'loop')).toEqual(['loop']);
});

test('a run that was set aside is not set aside again', () => {
  const die = deaths();
  die('crashed', 'loop');
  expect(die('crashed', 'loop')).toEqual(['loop']);
  expect(die('crashed', 'loop')).toEqual([]);
});

test('an attempt that Temporal still waits for when the next process dies counts once, alone or with others', () => {
  const die = deaths();
  const lost = attemptOf('innocent');
  // As where a process dies while it is being started, so soon that the workflow task has not timed out.
  expect([1, 2, 3, 4, 5].flatMap(() => die('crashed', lost))).toEqual([]);
  expect([1, 2, 3, 4, 5].flatMap(() => die('crashed', lost, 'loop'))).toEqual(['loop', 'loop']);
  expect(die('crashed', 'innocent')).toEqual(['innocent']);
});

test('a run keeps its crashes while its lost attempt has not timed out', () => {
  const die = deaths();
  const first = attemptOf('loop');
  die('crashed', first);
  die('crashed', first);
  expect(die('crashed', 'loop')).toEqual(['loop']);
});

const waiting = (name: string): RunAtWork => ({ ...attemptOf(name), waited: true });

test('those that wait behind a run at each crash are not set aside with it', () => {
  const die = deaths();
  const behind = () => ['one', 'two', 'three'].map(waiting);
  expect(die('crashed', 'loop', ...behind())).toEqual([]);
  expect(die('crashed', 'loop', ...behind())).toEqual(['loop']);
  expect(die('crashed', 'another', ...behind())).toEqual([]);
});

test('where many begin together after a restart, whoever came first by chance is not blamed', () => {
  const die = deaths();
  expect(die('crashed', 'loop', waiting('one'), waiting('two'))).toEqual([]);
  expect(die('crashed', 'one', waiting('loop'), waiting('two'))).toEqual([]);
  expect(die('crashed', 'two', waiting('one'), waiting('loop'))).toEqual([]);
  expect(die('crashed', 'loop', waiting('one'), waiting('two'))).toEqual(['loop']);
});

test('a run that only ever waited is set aside all the same if it alone is there at each of four', () => {
  const die = deaths();
  expect([1, 2, 3].flatMap((n) => die('crashed', `other ${n}`, waiting('loop')))).toEqual([]);
  expect(die('crashed', 'other 4', waiting('loop'))).toEqual(['loop']);
});

test('of many that are there at each of four crashes, the one that was first most often is set aside alone', () => {
  const die = deaths();
  expect(die('crashed', 'loop', waiting('one'), waiting('two'))).toEqual([]);
  for (const other of ['a', 'b'])
    expect(die('crashed', other, waiting('one'), waiting('two'), waiting('loop'))).toEqual([]);
  expect(die('crashed', 'c', waiting('one'), waiting('two'), waiting('loop'))).toEqual(['loop']);
});

test('what was counted is told, so that the next death finds it among any number of others', () => {
  const crashes = createCrashCounts();
  crashes.record('crashed', [attemptOf('loop')]);
  expect(crashes.counted()).toEqual([{ workflowId: 'loop', runId: 'loop', begun: expect.any(String) }]);
  crashes.record('crashed', []);
  expect(crashes.counted()).toEqual([]);
});
