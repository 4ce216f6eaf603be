import type { PullRequestEvent, PushEvent, TagEvent } from '../../src/events/event.js';

const base = {
  source: 'github',
  provider: 'github',
  deliveryId: 'd0',
  receivedAt: '2026-11-24T08:00:00.000Z',
  repository: {
    id: '1',
    fullName: 'acme/shop',
    url: 'https://github.com/acme/shop',
    defaultBranch: 'main',
    private: false,
  },
  sender: { login: 'ada', bot: false },
} as const;

const sha = '1234567890abcdef1234567890abcdef12345678';

export function pushEvent(change: Partial<PushEvent> = {}): PushEvent {
  return {
    ...base,
    kind: 'push',
    ref: 'refs/heads/main',
    branch: 'main',
    before: '0'.repeat(39).concat('1'),
    commit: { sha, message: 'Sell more', author: 'ada' },
    changedFiles: ['src/cart.ts', 'README.md'],
    created: false,
    forced: false,
    ...change,
  };
}

export function tagEvent(change: Partial<TagEvent> = {}): TagEvent {
  return { ...base, kind: 'tag', ref: 'refs/tags/v1.2.0', tag: 'v1.2.0', commit: { sha }, created: true, ...change };
}

export function pullRequestEvent(
  change: Partial<PullRequestEvent> = {},
  pullRequest: Partial<PullRequestEvent['pullRequest']> = {},
): PullRequestEvent {
  return {
    ...base,
    kind: 'pull_request',
    action: 'opened',
    commit: { sha },
    pullRequest: {
      number: 7,
      title: 'Sell even more',
      url: 'https://github.com/acme/shop/pull/7',
      author: 'bob',
      state: 'open',
      draft: false,
      fork: false,
      merged: false,
      labels: [],
      base: { ref: 'main', sha },
      head: { ref: 'more', sha, repository: 'acme/shop' },
      ...pullRequest,
    },
    ...change,
  };
}
