import { ApplicationFailure, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { ApprovalSubject } from '../../activities/contract/index.js';
import { branchOf, commitOf, pullRequestOf, repositoryOf } from '../../events/accessors.js';
import type { HookyardEvent } from '../../events/event.js';
import { isSamePerson, type Person } from '../../runs/approval.js';
import type { BranchHead, TagHead } from '../kit/buildable-event.js';
import { provider } from './activities.js';
import { beganAt } from './began-at.js';
import { reasonOf } from './failure.js';

/** What is to be approved, and whose it is. */
export interface Approvable {
  readonly subject: ApprovalSubject;
  readonly authors: readonly Person[];
}

/**
 * Returns what of an event is to be approved, and its authors: who caused it, who opened the pull request, who wrote the last commit.
 * Asks the provider for a pull request's author and head where the event does not tell them. Throws an `ApplicationFailure` where
 * they can't be told: nobody could say what is approved, or who may not approve it.
 */
export async function approvableOf(
  event: HookyardEvent | BranchHead | TagHead,
  { allowAuthor }: { readonly allowAuthor: boolean },
): Promise<Approvable> {
  if (event.kind === 'chained') return approvableOf(event.event, { allowAuthor });
  if (event.kind === 'branch_head' || event.kind === 'tag_head') {
    const { source, repository, commit } = event;
    const branch = event.kind === 'branch_head' ? { branch: event.branch } : {};
    const since = Date.parse(event.lookedUpAt ?? beganAt());
    return { subject: { source, repository: repository.fullName, ...branch, sha: commit.sha, since }, authors: [] };
  }
  const { source } = event;
  const [repository, number, commit] = [repositoryOf(event), pullRequestOf(event), commitOf(event)];
  if (repository === undefined) return { subject: { since: sinceOf(event) }, authors: [] };
  const pullRequest = event.kind === 'pull_request' ? event.pullRequest : undefined;
  const asks = number !== undefined && (commit === undefined || (!allowAuthor && pullRequest?.author === undefined));
  const asked = asks ? await readPullRequest({ source, repository: repository.fullName, number }) : undefined;
  if (asks && !allowAuthor && asked?.author === undefined)
    throw notTold(`the author of ${repository.fullName}#${number}`, 'the provider names none: set allowAuthor: true');
  const sha = commit?.sha ?? asked?.head.sha;
  const changedAt = pullRequest?.updatedAt;
  const branch = number === undefined ? branchOf(event) : undefined;
  const before = event.kind === 'push' && !event.created && !event.forced ? event.before : undefined;
  const sender = 'sender' in event ? { login: event.sender.login, id: event.sender.id } : undefined;
  const logins = [pullRequest?.author, asked?.author, commit?.author].filter((login) => login !== undefined);
  return {
    subject: {
      ...{ source, repository: repository.fullName, repositoryId: repository.id, since: sinceOf(event) },
      ...(number !== undefined && { number }),
      ...(branch !== undefined && { branch }),
      ...(sha !== undefined && { sha }),
      ...(changedAt !== undefined && { changedAt }),
      ...(before !== undefined && { before }),
      ...(event.kind === 'pull_request' && event.action === 'closed' && { closing: true as const }),
    },
    authors: [
      ...(sender ? [sender] : []),
      ...logins.filter((login) => !sender || !isSamePerson({ login }, sender)).map((login) => ({ login })),
    ],
  };
}

/** What is run again on purpose is older than what has come since, and is wanted all the same. */
function sinceOf({ receivedAt }: HookyardEvent): number {
  return Date.parse(/\/replay-\d+$/.test(workflowInfo().workflowId) ? beganAt() : receivedAt);
}

async function readPullRequest(of: { source: string; repository: string; number: number }) {
  try {
    return await provider.readPullRequest(of);
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw notTold(`the author and the head of ${of.repository}#${of.number}`, reasonOf(error));
  }
}

function notTold(what: string, because: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `approval(): ${what} can't be told, so that nobody can approve it: ${because}`,
  );
}
