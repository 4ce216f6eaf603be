import type {
  BranchDeletedEvent,
  ChainedEvent,
  CommentEvent,
  DeploymentEvent,
  GenericEvent,
  ManualEvent,
  MergeGroupEvent,
  PullRequestEvent,
  PushEvent,
  ReleaseEvent,
  ReviewEvent,
  ScheduleEvent,
  StatusEvent,
  TagDeletedEvent,
  TagEvent,
} from '../../src/events/event.js';

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

export function branchDeletedEvent(change: Partial<BranchDeletedEvent> = {}): BranchDeletedEvent {
  return { ...base, kind: 'branch_deleted', ref: 'refs/heads/main', branch: 'main', ...change };
}

export function tagDeletedEvent(change: Partial<TagDeletedEvent> = {}): TagDeletedEvent {
  return { ...base, kind: 'tag_deleted', ref: 'refs/tags/v1.2.0', tag: 'v1.2.0', ...change };
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

export function mergeGroupEvent(change: Partial<MergeGroupEvent> = {}): MergeGroupEvent {
  const branch = `gh-readonly-queue/main/pr-12-${sha}`;
  return {
    ...base,
    kind: 'merge_group',
    action: 'checks_requested',
    ref: `refs/heads/${branch}`,
    branch,
    base: { ref: 'main', sha },
    commit: { sha },
    ...change,
  };
}

export function commentEvent(change: Partial<CommentEvent> = {}): CommentEvent {
  const comment = { id: '5', body: '/retest', author: 'ada' };
  return {
    ...base,
    kind: 'comment',
    action: 'created',
    on: 'pull_request',
    comment,
    number: 7,
    title: 't',
    open: true,
    ...change,
  };
}

export function reviewEvent(change: Partial<ReviewEvent> = {}): ReviewEvent {
  const url = 'https://github.com/acme/shop/pull/7';
  return { ...base, kind: 'review', action: 'approved', number: 7, title: 't', url, reviewer: 'ada', ...change };
}

export function releaseEvent(change: Partial<ReleaseEvent> = {}): ReleaseEvent {
  return { ...base, kind: 'release', action: 'published', tag: 'v1', draft: false, prerelease: false, ...change };
}

export function deploymentEvent(change: Partial<DeploymentEvent> = {}): DeploymentEvent {
  return { ...base, kind: 'deployment', action: 'created', id: '1', environment: 'production', ...change };
}

export function statusEvent(change: Partial<StatusEvent> = {}): StatusEvent {
  return { ...base, kind: 'status', state: 'failure', name: 'build', branch: 'main', commit: { sha }, ...change };
}

export function genericEvent(change: Partial<GenericEvent> = {}): GenericEvent {
  const { deliveryId, receivedAt } = base;
  return {
    source: 'stripe',
    provider: 'stripe',
    deliveryId,
    receivedAt,
    kind: 'generic',
    type: 'payment_intent.succeeded',
    ...change,
  };
}

const inside = { provider: 'hookyard', deliveryId: 'd0', receivedAt: base.receivedAt } as const;

export function scheduleEvent(): ScheduleEvent {
  return { ...inside, source: 'schedule', kind: 'schedule', cron: '0 3 * * 1-5', scheduledAt: base.receivedAt };
}

export function manualEvent(): ManualEvent {
  return { ...inside, source: 'manual', kind: 'manual', inputs: { environment: 'staging' } };
}

export function chainedEvent(change: Partial<ChainedEvent> = {}): ChainedEvent {
  const event = pushEvent();
  return {
    ...base,
    kind: 'chained',
    automation: 'ci',
    outcome: 'passed',
    run: 'ci/github/d0',
    depth: 1,
    event,
    ...change,
  };
}
