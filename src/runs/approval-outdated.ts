import type { HookyardEvent, PushEvent, Repository } from '../events/event.js';
import { isCommit } from './approval.js';

/** What an approval is about, as far as it decides whether an event makes it void. Histories hold it: fields keep their names. */
export interface ApprovalAbout {
  readonly source?: string | undefined;
  /** `owner/name`: tells repositories apart where the id is not known, as of a branch that was looked up. */
  readonly repository?: string | undefined;
  /** The provider's id of the repository: renaming does not change it. */
  readonly repositoryId?: string | undefined;
  /** Of the pull request that it is about. */
  readonly number?: number | undefined;
  /** The branch that it is about, of what is about no pull request. */
  readonly branch?: string | undefined;
  readonly sha?: string | undefined;
  /** When the provider last changed the pull request, ISO 8601: deliveries may come in any order. */
  readonly changedAt?: string | undefined;
  /** The commit that the branch was at before. */
  readonly before?: string | undefined;
  /** It is about a closing, which so does not end it. */
  readonly closing?: true | undefined;
}

/**
 * Returns why an event that came in later makes an approval void, in words that follow "outdated:"; undefined if it does not. New
 * code does, and so does another base, which counts as new code, and the end of what it was to go into: a closed pull request, a branch
 * that was deleted.
 */
export function whyOutdated(about: ApprovalAbout, event: HookyardEvent): string | undefined {
  if (event.source !== about.source) return undefined;
  switch (event.kind) {
    case 'pull_request':
      if (!isIn(event.repository, about) || event.pullRequest.number !== about.number) return undefined;
      if (isOlder(event.pullRequest.updatedAt, about.changedAt)) return undefined;
      if (event.action === 'closed') return about.closing ? undefined : 'the pull request was closed';
      // The event that the run itself is of is as old as what the approval is about.
      if (event.baseChanged && !isAsOld(event.pullRequest.updatedAt, about.changedAt)) return 'its base was changed';
      return isOther(event.commit.sha, about) ? `${event.commit.sha.slice(0, 12)} was pushed` : undefined;
    case 'push':
      if (!isIn(event.repository, about) || !isOfBranch(event.branch, about) || isToldLate(event, about))
        return undefined;
      return isOther(event.commit.sha, about) ? `${event.commit.sha.slice(0, 12)} was pushed` : undefined;
    case 'branch_deleted':
      if (!isIn(event.repository, about) || !isOfBranch(event.branch, about)) return undefined;
      return 'the branch was deleted';
    default:
      return undefined;
  }
}

function isIn({ id, fullName }: Repository, about: ApprovalAbout): boolean {
  return isSameRepository({ repositoryId: id, repository: fullName }, about);
}

/** Returns whether two approvals, or an event and one, are about the same repository of a source. */
export function isSameRepository(
  one: Pick<ApprovalAbout, 'repository' | 'repositoryId'>,
  other: Pick<ApprovalAbout, 'repository' | 'repositoryId'>,
): boolean {
  if (one.repositoryId !== undefined && other.repositoryId !== undefined)
    return one.repositoryId === other.repositoryId;
  return one.repository !== undefined && one.repository.toLowerCase() === other.repository?.toLowerCase();
}

/** One that is told late is what this one was pushed upon, and not a push back to that. */
function isToldLate({ commit, before }: PushEvent, about: ApprovalAbout): boolean {
  if (about.before === undefined || !isCommit(commit.sha, about.before)) return false;
  return before === undefined || about.sha === undefined || !isCommit(before, about.sha);
}

function isOfBranch(branch: string, about: ApprovalAbout): boolean {
  return about.number === undefined && branch === about.branch;
}

function isOther(sha: string, about: ApprovalAbout): boolean {
  return about.sha !== undefined && !isCommit(sha, about.sha);
}

/** Where neither is known, the one may be the other: a wait that its own event ends could end in no other way. */
function isAsOld(changedAt: string | undefined, as: string | undefined): boolean {
  return changedAt === as || Date.parse(changedAt ?? '') === Date.parse(as ?? '');
}

/** Times in ISO 8601, as the provider says them; what it does not say is not older. */
function isOlder(changedAt: string | undefined, than: string | undefined): boolean {
  return changedAt !== undefined && than !== undefined && Date.parse(changedAt) < Date.parse(than);
}
