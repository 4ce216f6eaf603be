import { expect, test } from 'vitest';
import { resolveCheckout } from '../../../src/activities/job/resolve-checkout.js';
import type { Source } from '../../../src/providers/source.js';
import { sourceOf } from '../../providers/senders.js';

const sha = 'a'.repeat(40);
const head = { ref: 'topic/7', repository: 'eve/app' };
const resolve = (kind: Source['kind'], checkout: object) =>
  resolveCheckout({ sources: { it: sourceOf(kind) } }, { source: 'it', repository: 'acme/app', sha, ...checkout });

test.each([
  ['github', 'refs/pull/7/head'],
  ['gitlab', 'refs/merge-requests/7/head'],
  ['gitea', 'refs/pull/7/head'],
  ['forgejo', 'refs/pull/7/head'],
  ['gogs', 'refs/pull/7/head'],
  ['bitbucket-data-center', 'refs/pull-requests/7/from'],
] as const)('a checkout of a pull request is fetched from %s by %s', (kind, ref) => {
  expect(resolve(kind, { pullRequest: { number: 7, head } })).toMatchObject({ repository: 'acme/app', ref, sha });
});

test.each(['bitbucket-cloud', 'azure-devops'] as const)(
  'a checkout of a pull request is fetched from %s by its branch, where that is',
  (kind) => {
    const here = { number: 7, head: { ref: head.ref } };
    expect(resolve(kind, { pullRequest: { number: 7, head } })).toMatchObject({
      repository: 'eve/app',
      ref: 'refs/heads/topic/7',
    });
    expect(resolve(kind, { pullRequest: here })).toMatchObject({ repository: 'acme/app', ref: 'refs/heads/topic/7' });
  },
);

test('a checkout that names a ref, as runs of earlier versions recorded it, is taken as it is', () => {
  const recorded = { source: 'it', repository: 'eve/app', sha, ref: 'refs/heads/topic/7' };
  expect(resolve('bitbucket-cloud', recorded)).toEqual(recorded);
});

test('a source that is gone, or that is not of a Git provider, is left to the checkout to refuse', () => {
  const checkout = { source: 'gone', repository: 'acme/app', sha, pullRequest: { number: 7, head } };
  expect(resolve('github', checkout)).toEqual(checkout);
  expect(resolve('stripe', { pullRequest: { number: 7, head } })).not.toHaveProperty('ref');
});

test('a branch of the merge queue is known by its name, whatever the event was, where the provider has such', () => {
  const ref = 'refs/heads/gh-readonly-queue/main/pr-7-aaaa';
  expect(resolve('github', { ref })).toMatchObject({ ref, queued: true });
  expect(resolve('gitea', { ref })).not.toHaveProperty('queued');
  for (const other of ['refs/heads/main', 'refs/heads/my/gh-readonly-queue/x', 'refs/tags/gh-readonly-queue/x'])
    expect(resolve('github', { ref: other })).not.toHaveProperty('queued');
});
