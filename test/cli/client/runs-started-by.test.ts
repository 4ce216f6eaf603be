import { expect, test } from 'vitest';
import { runsStartedBy } from '../../../src/cli/client/runs-started-by.js';

const steps = [{ what: 'Start the database', outcome: 'passed' }];

test('the runs that a run has started at its end are those that its result names, whatever its steps are called', () => {
  expect(runsStartedBy({ result: { outcome: 'passed', steps, startedRuns: ['report/1'] } })).toEqual(['report/1']);
  expect(runsStartedBy({ result: { outcome: 'passed', steps } })).toEqual([]);
});

test('a run without a result of its own has started none', () => {
  for (const ended of [{}, { result: 'text' }, { result: { startedRuns: 1 } }])
    expect(runsStartedBy(ended)).toEqual([]);
});
