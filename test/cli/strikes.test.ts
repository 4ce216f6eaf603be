import { expect, test } from 'vitest';
import { createStrikes, type Suspect } from '../../src/cli/worker-process/strikes.js';

const run = (name: string): Suspect => ({ workflowId: name, runId: name, automation: 'a', at: 'workflow code' });
const [loop, other, third] = [run('loop'), run('other'), run('third')];

test('a run that was at work at two crashes is set aside, and those that were there at one are not', () => {
  const strikes = createStrikes();
  expect(strikes.record('crashed', [loop, other])).toEqual([]);
  expect(strikes.record('crashed', [third, loop])).toEqual([loop]);
});

test('a run that was not at work at a crash begins anew', () => {
  const strikes = createStrikes();
  strikes.record('crashed', [loop]);
  strikes.record('crashed', [other]);
  expect(strikes.record('crashed', [loop])).toEqual([]);
  expect(strikes.record('crashed', [loop])).toEqual([loop]);
});

test('of several that were at work at each crash none is set aside before the fourth', () => {
  const strikes = createStrikes();
  const both = [loop, other];
  expect([1, 2, 3].flatMap(() => strikes.record('crashed', both))).toEqual([]);
  expect(strikes.record('crashed', both)).toEqual(both);
});

test('a worker that others kill says little about its runs', () => {
  const strikes = createStrikes();
  expect([1, 2, 3].flatMap(() => strikes.record('killed', [loop]))).toEqual([]);
  expect(strikes.record('killed', [loop])).toEqual([loop]);
});

test('a run that was set aside is not set aside again', () => {
  const strikes = createStrikes();
  strikes.record('crashed', [loop]);
  expect(strikes.record('crashed', [loop])).toEqual([loop]);
  expect(strikes.record('crashed', [loop])).toEqual([]);
});
