import { provider } from '../run/activities.js';
import type { BranchHead } from './buildable-event.js';
import { requireTexts } from './required-texts.js';

/**
 * Asks a source's repository, by git, where a branch is now, so that a run without a push has something to build. Throws
 * when there is no such branch, or when the repository can't be reached for a day.
 *
 * @example
 * import { automation, branchHead, cron, runJob } from 'hookyard/workflow';
 *
 * export const nightly = automation({ on: cron('0 3 * * *', { timezone: 'Europe/Berlin' }) }, async () => {
 *   const head = await branchHead({ source: 'github', repository: 'acme/app', branch: 'main' });
 *   await runJob(head, { name: 'nightly', steps: ['npm ci', 'npm run test:all'] });
 * });
 */
export async function branchHead(of: {
  /** Name of the configured source. */
  readonly source: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
}): Promise<BranchHead> {
  const { source, repository, branch } = of;
  requireTexts('branchHead', { source, repository, branch });
  const lookedUpAt = new Date().toISOString();
  const { sha } = await provider.findBranchHead.executeWithOptions({ summary: `${branch} of ${repository}` }, [of]);
  return {
    kind: 'branch_head',
    source,
    repository: { fullName: repository },
    ref: `refs/heads/${branch}`,
    branch,
    commit: { sha },
    lookedUpAt,
  };
}
