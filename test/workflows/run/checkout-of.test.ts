import { expect, test } from 'vitest';
import type { MergeGroupEvent, PullRequestEvent, PushEvent } from '../../../src/events/event.js';
import type { BranchHead } from '../../../src/workflows/kit/buildable-event.js';
import { checkoutOf } from '../../../src/workflows/run/checkout-of.js';

const since = new Date('2026-01-02T03:04:05Z');
const sha = 'a'.repeat(40);
const base = {
  ...{ source: 'github', provider: 'github', deliveryId: 'd', receivedAt: since.toISOString() },
  repository: {
    id: '1',
    fullName: 'acme/app',
    url: 'https://git.example/acme/app',
    private: true,
    defaultBranch: 'trunk',
  },
  sender: { login: 'anna', bot: false },
  commit: { sha },
};
const push: PushEvent = { ...base, kind: 'push', ref: 'refs/heads/x', branch: 'x', created: false };

const pull = (fork: boolean): PullRequestEvent => ({
  ...base,
  kind: 'pull_request',
  action: 'opened',
  pullRequest: {
    ...{ number: 7, title: 't', url: 'https://git.example/7', state: 'open', draft: false, fork, merged: false },
    ...{ labels: [], base: { ref: 'release/1' }, head: { ref: 'x', sha, repository: fork ? 'eve/app' : 'acme/app' } },
  },
});

test('a push is checked out with the default branch beside it, as old as the run at most', () => {
  expect(checkoutOf(push, { since })).toEqual({
    ...{ source: 'github', repository: 'acme/app', sha, ref: 'refs/heads/x', defaultBranch: 'trunk' },
    since: '2026-01-02T03:04:05.000Z',
  });
});

test('a pull request is checked out with its base; that of a fork is untrusted, whoever approved it', () => {
  expect(checkoutOf(pull(false), { since })).toMatchObject({ base: 'release/1', pullRequest: { number: 7 } });
  expect(checkoutOf(pull(false), { since })).not.toHaveProperty('untrusted');
  expect(checkoutOf(pull(true), { since, options: { credentials: true } })).toMatchObject({
    untrusted: true,
    options: { credentials: true },
  });
});

test('a merge group is checked out with the branch that it is for, also where that is a whole ref', () => {
  const group: MergeGroupEvent = {
    ...base,
    kind: 'merge_group',
    action: 'checks_requested',
    ref: 'refs/heads/gh-readonly-queue/main/pr-1',
    branch: 'gh-readonly-queue/main/pr-1',
    base: { ref: 'refs/heads/main' },
  };
  expect(checkoutOf(group, { since })).toMatchObject({ base: 'main', ref: group.ref, queued: true });
  // It is the queue's own merge already.
  const both = { since, options: { merge: true, lfs: false } };
  expect(checkoutOf(group, both).options).toEqual({ lfs: false });
  expect(checkoutOf(pull(false), both).options).toEqual(both.options);
});

test('a push to the branch of a merge queue is of a queue, and others are not', () => {
  expect(checkoutOf({ ...push, mergeQueue: true }, { since })).toMatchObject({ queued: true });
  expect(checkoutOf(push, { since })).not.toHaveProperty('queued');
});

test('of a branch that was looked up, the default branch is not known', () => {
  const head: BranchHead = {
    ...{
      kind: 'branch_head',
      source: 'github',
      repository: { fullName: 'acme/app' },
      ref: 'refs/heads/x',
      branch: 'x',
    },
    commit: { sha },
  };
  expect(checkoutOf(head, { since })).not.toHaveProperty('defaultBranch');
});
