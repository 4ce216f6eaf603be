import { whyNoSandbox } from '../../../activities/job/runners/sandbox/what-is-missing.js';
import type { Config } from '../../../config/config.js';
import { fine, problem, type Remark, warn } from '../../../server/api/findings/finding.js';

/** Tells which runners this machine can do, as a worker on it would, and why not. */
export async function runnerFindings({ jobs }: Pick<Config, 'jobs'>): Promise<readonly Remark[]> {
  const missing = await whyNoSandbox();
  const host = fine(
    jobs.runner === 'host'
      ? "host: the repository's own code runs as the worker's user"
      : 'host: for jobs that ask for it',
  );
  if (!missing)
    return [host, fine(`sandbox: bubblewrap works here${jobs.runner === 'sandbox' ? '' : ", for a stranger's code"}`)];
  const { because, advice = 'docs/runners.md says what it needs' } = missing;
  return jobs.runner === 'sandbox'
    ? [host, problem(`sandbox: no job runs here, since jobs.runner wants one and ${because}`, advice)]
    : [host, warn(`sandbox: the code of forks and merge queues does not run here, since ${because}`, advice)];
}
