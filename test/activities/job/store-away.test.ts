import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createRunJob } from '../../../src/activities/job/run-job.js';
import { activity, openBench, WORKFLOW } from '../../support/harness/jobs.js';

test('a build goes on when its output can not be kept', async () => {
  const bench = await openBench();
  await bench.commit({ 'word.txt': 'first\n' });
  const { logs } = bench.store;
  let refused = 0;
  const store = {
    ...bench.store,
    logs: { ...logs, append: async () => Promise.reject(new Error(`away ${++refused}`)) },
  };
  const runJob = createRunJob({
    config: bench.config,
    store,
    log: pino({ level: 'silent' }),
    reportPending: async () => {},
  });
  const result = await activity({ workflowExecution: WORKFLOW }).run(runJob, await bench.input({ steps: ['echo x'] }));
  expect(result.passed).toBe(true);
  await bench.close();
  expect(refused).toBeGreaterThan(1);
});
