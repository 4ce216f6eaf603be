import { service } from '../run/activities.js';
import type { BuildableEvent } from './run-job.js';

/** A branch as it is now, for automations that no push has started: to be built by `runJob`. */
export interface BranchHead {
  readonly kind: 'branch_head';
  readonly source: string;
  readonly repository: { readonly fullName: string };
  readonly ref: string;
  readonly branch: string;
  readonly commit: { readonly sha: string; readonly url?: string };
}

/**
 * Asks a source's repository, by git, where a branch is now. Throws when there is no such branch, or the repository stays
 * away for an hour.
 */
export async function branchHead(of: {
  readonly source: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
}): Promise<BranchHead> {
  const { source, repository, branch } = of;
  const { sha } = await service.findBranchHead.executeWithOptions({ summary: `${branch} of ${repository}` }, [of]);
  return {
    kind: 'branch_head',
    source,
    repository: { fullName: repository },
    ref: `refs/heads/${branch}`,
    branch,
    commit: { sha },
  } satisfies BuildableEvent;
}
