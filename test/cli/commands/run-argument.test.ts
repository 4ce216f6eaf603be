import { expect, test } from 'vitest';
import { runAndRest } from '../../../src/cli/commands/run-argument.js';

test.each([
  [['ci/github/1'], { name: 'ci/github/1', rest: [] }],
  [['ci/github/1', 'production'], { name: 'ci/github/1', rest: ['production'] }],
  [['latest', 'deploy'], { name: 'latest deploy', rest: [] }],
  [['latest', 'deploy', 'production', 'not', 'today'], { name: 'latest deploy', rest: ['production', 'not', 'today'] }],
])('%j is a run, and what stands behind it', (words, meant) => {
  expect(runAndRest(words)).toEqual(meant);
});
