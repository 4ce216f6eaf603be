import { expect, test } from 'vitest';
import { hub, pull, resultOf, runOf, statuses, useGated } from '../gated.js';

useGated('test/workflows/run/skipped-beside');

const MARKED = { title: 'Sell more [skip ci]' };

test('a check that a marker in the title keeps from one trigger, and paths from the other, stays as it is', async () => {
  hub.files = [{ filename: 'Dockerfile', status: 'modified' }];
  expect(await resultOf(runOf(await pull(MARKED), 'build'))).toMatchObject({
    outcome: 'skipped',
    filtered: false,
    because:
      'none of the 1 changed files is in paths ["src/**"]; the title says "[skip ci]"; skippable: false would run all the same',
  });
  expect(statuses()).toEqual([]);
});

test('what heeds no marker is built beside a trigger that does, and so is what has none', async () => {
  expect(await resultOf(runOf(await pull(MARKED), 'build'))).toMatchObject({ outcome: 'passed' });
  hub.files = [{ filename: 'Dockerfile', status: 'modified' }];
  expect(await resultOf(runOf(await pull(), 'build'))).toMatchObject({ outcome: 'passed' });
});
