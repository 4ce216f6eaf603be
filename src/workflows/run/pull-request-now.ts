import type { CommentEvent, PullRequestEvent, ReviewEvent } from '../../events/event.js';
import { provider } from './activities.js';

/** Returns the pull request of a comment or a review as it is now, as if new code had come. */
export async function pullRequestNow(event: CommentEvent | ReviewEvent, number: number): Promise<PullRequestEvent> {
  const { source, repository, deliveryId, sender, edited } = event;
  const pullRequest = await provider.readPullRequest({ source, repository: repository.fullName, number });
  return {
    ...{ source, deliveryId, repository, sender },
    provider: event.provider,
    // The state is that of now, however old the event is.
    receivedAt: new Date().toISOString(),
    kind: 'pull_request',
    action: 'synchronize',
    pullRequest,
    commit: { sha: pullRequest.head.sha },
    ...(edited && { edited }),
  };
}

/**
 * Returns why an approval of a pull request's head does not count: whoever gave it may have read what was pushed since, of which the
 * run has not been told yet. Undefined where it is the head still.
 */
export async function newerHead({
  source,
  repository,
  pullRequest,
  commit,
}: PullRequestEvent): Promise<string | undefined> {
  const { head } = await provider.readPullRequest({
    source,
    repository: repository.fullName,
    number: pullRequest.number,
  });
  if (head.sha.startsWith(commit.sha) || commit.sha.startsWith(head.sha)) return undefined;
  return `${head.sha.slice(0, 12)} has been pushed since: that is what has to be approved`;
}
