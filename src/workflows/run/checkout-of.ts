import { patched } from '@temporalio/workflow';
import type { Checkout, CheckoutOptions } from '../../activities/contract/index.js';
import type { BuildableEvent } from '../kit/buildable-event.js';

/**
 * Returns what a job checks out for an event, as its author wants it. `since`: when its run began, so that one which is started again
 * sees the branches of now.
 */
export function checkoutOf(
  event: BuildableEvent,
  { options = {}, since }: { options?: CheckoutOptions | undefined; since: Date },
): Checkout {
  const { source, repository, commit } = event;
  const wanted = optionsFor(event, options);
  const defaultBranch = 'defaultBranch' in repository ? repository.defaultBranch : undefined;
  const where = {
    ...{ source, repository: repository.fullName, sha: commit.sha },
    ...(defaultBranch !== undefined && { defaultBranch }),
    ...(isStrangers(event) && { untrusted: true as const }),
    ...(isQueued(event) && { queued: true as const }),
    ...(Object.keys(wanted).length > 0 && { options: wanted }),
    since: since.toISOString(),
  };
  if (event.kind === 'merge_group') return { ...where, ref: event.ref, base: branchOf(event.base.ref) };
  if (event.kind !== 'pull_request') return { ...where, ref: event.ref };
  const { number, head, base } = event.pullRequest;
  const pullRequest = {
    number,
    head: { ref: head.ref, ...(head.repository !== undefined && { repository: head.repository }) },
  };
  return { ...where, pullRequest, base: branchOf(base.ref) };
}

/** Returns whether a key must not be given to what an event's commit holds: it may be a stranger's, approved or not. */
export function mayBeStrangers(event: BuildableEvent): boolean {
  return isStrangers(event) || isQueued(event) || (isQueueHead(event) && patched('strangers-in-looked-up-queues'));
}

/** Returns whether an event's code may be a stranger's, approved or not: whoever approved it looked at the code, and gave no key. */
function isStrangers(event: BuildableEvent): boolean {
  if (event.kind === 'pull_request') return event.pullRequest.fork;
  return 'fork' in event && event.fork === true;
}

/** Returns whether an event's code is of a merge queue: it may come from forks, of which the event does not tell. */
function isQueued(event: BuildableEvent): boolean {
  return event.kind === 'merge_group' || ('mergeQueue' in event && event.mergeQueue === true);
}

/** Returns whether a branch that was looked up is a merge queue's: a status of a queue's check leads to one. Here only its name tells. */
function isQueueHead(event: BuildableEvent): boolean {
  return event.kind === 'branch_head' && event.branch.startsWith('gh-readonly-queue/');
}

/** Only a pull request is merged: a merge group is its queue's own merge already. */
function optionsFor(event: BuildableEvent, { merge, ...others }: CheckoutOptions): CheckoutOptions {
  return event.kind === 'pull_request' && merge !== undefined ? { ...others, merge } : others;
}

/** Some providers name the branch, and some the whole ref. */
function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
