import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createRunJob } from '../../../src/activities/job/run-job.js';
import { activity, openJobs, WORKFLOW } from '../../support/harness/jobs.js';

test('a build goes on when its output can not be kept', async () => {
  const jobs = await openJobs();
  await jobs.commit({ 'word.txt': 'first\n' });
  const { logs } = jobs.store;
  let refused = 0;
  const store = {
    ...jobs.store,
    logs: { ...logs, append: async () => Promise.reject(new Error(`away ${++refused}`)) },
  };
  const runJob = createRunJob({
    config: jobs.config,
    store,
    log: pino({ level: 'silent' }),
    reportPending: async () => {},
  });
  const result = await activity({ workflowExecution: WORKFLOW }).run(runJob, await jobs.input({ steps: ['echo x'] }));
  expect(result.passed).toBe(true);
  await jobs.close();
  expect(refused).toBeGreaterThan(1);
});
