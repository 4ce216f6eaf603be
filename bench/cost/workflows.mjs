import { proxyActivities } from '@temporalio/workflow';

const options = { startToCloseTimeout: '1 hour', heartbeatTimeout: '1 minute' };
const { runJob, reportStatus, upsertRecord } = proxyActivities(options);

/** What `ci` does, as one writes it by hand with the same activities. */
export async function bareCi(event) {
  const { source, repository, commit } = event;
  const about = { source, repository: repository.fullName, sha: commit.sha };
  const context = 'bare/ci';
  const steps = ['npm ci', 'npm test'].map((run) => ({ name: run, run }));
  const checkout = { ...about, ref: `refs/heads/${event.branch}` };
  const { passed } = await runJob({ name: 'ci', checkout, steps, env: {}, timeoutMs: 1_800_000, context });
  await reportStatus({ ...about, context, state: passed ? 'success' : 'failure', description: 'done' });
}

/** What `one` does. */
export async function bareOne({ branch, commit, receivedAt }) {
  await upsertRecord({ collection: 'commits', key: branch, data: { sha: commit.sha }, version: receivedAt });
}
