import type { HookyardEvent } from '../events/event.js';
import { isCommit } from './approval.js';

/** What an approval is about, as far as it decides whether an event makes it void. */
export interface ApprovalAbout {
  readonly source?: string | undefined;
  readonly repositoryId?: string | undefined;
  readonly number?: number | undefined;
  readonly branch?: string | undefined;
  readonly sha?: string | undefined;
  readonly changedAt?: string | undefined;
  readonly before?: string | undefined;
  readonly closing?: true | undefined;
}

/**
 * Returns why an event that came in later makes an approval void, in words that follow "outdated:"; undefined if it does not. New
 * code does, and so does the end of what it was to go into: a closed pull request, a branch that was deleted.
 */
export function whyOutdated(about: ApprovalAbout, event: HookyardEvent): string | undefined {
  if (event.source !== about.source) return undefined;
  switch (event.kind) {
    case 'pull_request':
      if (event.repository.id !== about.repositoryId || event.pullRequest.number !== about.number) return undefined;
      if (isOlder(event.pullRequest.updatedAt, about.changedAt)) return undefined;
      if (event.action === 'closed') return about.closing ? undefined : 'the pull request was closed';
      return isOther(event.commit.sha, about) ? `${event.commit.sha.slice(0, 12)} was pushed` : undefined;
    case 'push':
      if (event.repository.id !== about.repositoryId || !isOfBranch(event.branch, about)) return undefined;
      // One that is told late is what this one was pushed upon.
      if (about.before !== undefined && isCommit(event.commit.sha, about.before)) return undefined;
      return isOther(event.commit.sha, about) ? `${event.commit.sha.slice(0, 12)} was pushed` : undefined;
    case 'branch_deleted':
      if (event.repository.id !== about.repositoryId || !isOfBranch(event.branch, about)) return undefined;
      return 'the branch was deleted';
    default:
      return undefined;
  }
}

function isOfBranch(branch: string, about: ApprovalAbout): boolean {
  return about.number === undefined && branch === about.branch;
}

function isOther(sha: string, about: ApprovalAbout): boolean {
  return about.sha !== undefined && !isCommit(sha, about.sha);
}

/** Times in ISO 8601, as the provider says them; what it does not say is not older. */
function isOlder(changedAt: string | undefined, than: string | undefined): boolean {
  return changedAt !== undefined && than !== undefined && Date.parse(changedAt) < Date.parse(than);
}
