import { workflowInfo } from '@temporalio/workflow';
import type { HeldJob } from '../../../../src/activities/contract/index.js';
import { onHost } from '../../../../src/workflows/run/held-job.js';

const JOB = {
  name: 'build',
  checkout: { source: 'github', repository: 'acme/app', sha: 'a'.repeat(40) },
  steps: 1,
  env: {},
  timeoutMs: 60_000,
  afterMs: 1_000,
  context: 'hookyard/build',
};

/** A job of one step; returns how that ended and what is known of the job. `jobsQueue`: where it is held. */
export async function holding(
  jobsQueue?: string,
): Promise<{ readonly held: HeldJob; readonly did?: string | undefined }> {
  const taskQueue = jobsQueue ?? workflowInfo().taskQueue;
  const retry = { initialInterval: 100, maximumAttempts: 4 };
  return onHost(
    JOB,
    { taskQueue, startToCloseTimeout: '1 minute', retry },
    {
      async work(host) {
        const step = { name: 'it', run: 'true' };
        const { outcome } = await host.step({ step, number: 1, attempt: 1 }, { summary: 'it', mostMs: 30_000 });
        return outcome;
      },
      isAllLeft: (_, after) => after === 1,
    },
  );
}
