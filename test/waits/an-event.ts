import type { CommentEvent, HookyardEvent, PullRequestEvent, PushEvent } from '../../src/events/event.js';

const BASE = {
  source: 'hub',
  provider: 'github',
  deliveryId: 'd'.repeat(20),
  receivedAt: '2026-01-02T03:04:05.000Z',
  repository: { id: '1', fullName: 'ada/engine', url: 'https://example.com/ada/engine', private: false },
  sender: { login: 'ada', bot: false },
} as const;

/** A push to a branch of `ada/engine`. */
export function aPush(branch = 'main', changes: Partial<PushEvent> = {}): PushEvent {
  const commit = { sha: 'a'.repeat(40), message: 'Mend it' };
  return { ...BASE, kind: 'push', ref: `refs/heads/${branch}`, branch, commit, created: false, ...changes };
}

/** A comment on pull request #7 of `ada/engine`. */
export function aComment(changes: Partial<CommentEvent> = {}): CommentEvent {
  const comment = { id: '5', body: 'Nice', author: 'ada' };
  return { ...BASE, kind: 'comment', action: 'created', on: 'pull_request', number: 7, comment, ...changes };
}

/** Pull request #7 of `ada/engine`, from its branch `feature`. */
export function aPullRequest(
  changes: Partial<PullRequestEvent> = {},
  pullRequest: Partial<PullRequestEvent['pullRequest']> = {},
): PullRequestEvent {
  const sha = 'b'.repeat(40);
  return {
    ...BASE,
    kind: 'pull_request',
    action: 'opened',
    commit: { sha },
    pullRequest: {
      ...{ number: 7, title: 'Add', url: 'https://example.com/7', author: 'ada', state: 'open' },
      ...{ draft: false, fork: false, merged: false, labels: [], base: { ref: 'main' } },
      head: { ref: 'feature', sha, repository: 'ada/engine' },
      ...pullRequest,
    },
    ...changes,
  };
}

/** An event of another kind in `ada/engine`. */
export function anEvent<E extends HookyardEvent>(event: Omit<E, keyof typeof BASE> & Partial<E>): E {
  return { ...BASE, ...event } as E;
}
