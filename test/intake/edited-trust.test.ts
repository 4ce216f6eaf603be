import { expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { whyNotTrusted } from '../../src/intake/edited-trust.js';
import {
  commentEvent,
  deploymentEvent,
  genericEvent,
  pullRequestEvent,
  pushEvent,
  reviewEvent,
  statusEvent,
  tagEvent,
} from '../triggers/sample-events.js';

const pull = pullRequestEvent();
const withPull = (change: object): HookyardEvent => ({ ...pull, pullRequest: { ...pull.pullRequest, ...change } });
const push = pushEvent();

test.each<[string, HookyardEvent, HookyardEvent]>([
  ['another branch of a push', push, { ...push, branch: 'other', ref: 'refs/heads/other' }],
  ['other files of a push', push, { ...push, changedFiles: ['docs/x.md'] }],
  ['another message of a commit', push, { ...push, commit: { ...push.commit, message: '[skip ci]' } }],
  ['labels and draft of a pull request', pull, withPull({ labels: ['deploy'], draft: true, title: 'x' })],
  ['another action of a pull request', pull, { ...pull, action: 'labeled' }],
  ['another name of a tag', tagEvent(), tagEvent({ tag: 'v9', ref: 'refs/tags/v9' })],
  ['other data of a service', genericEvent(), genericEvent({ type: 'x', data: { a: 1 } })],
])('%s may be started', (_what, received, edited) => {
  expect(whyNotTrusted([received], [edited])).toBeUndefined();
});

test.each<[string, HookyardEvent, HookyardEvent, string]>([
  ['a pull request from a fork as an own one', withPull({ fork: true }), withPull({ fork: false }), 'whose code it is'],
  [
    'another head repository',
    pull,
    withPull({ head: { ...pull.pullRequest.head, repository: 'eve/shop' } }),
    'whose code',
  ],
  ['another head commit', pull, withPull({ head: { ...pull.pullRequest.head, sha: 'b'.repeat(40) } }), 'the commit'],
  ['another author', pull, withPull({ author: 'anna' }), 'its author'],
  ['another commit of a push', push, { ...push, commit: { sha: 'b'.repeat(40) } }, 'the commit'],
  [
    'another repository',
    push,
    { ...push, repository: { ...push.repository, fullName: 'acme/vault' } },
    'the repository',
  ],
  ['a private repository', push, { ...push, repository: { ...push.repository, private: true } }, 'the repository'],
  ['another sender', push, { ...push, sender: { login: 'anna', bot: false } }, 'the sender'],
  ['a merge queue’s branch as a push', pushEvent({ mergeQueue: true }), push, 'whose code it is'],
  ['a status of a fork as an own one', statusEvent({ fork: true }), statusEvent(), 'whose code it is'],
  ['a deployment of a fork as an own one', deploymentEvent({ fork: true }), deploymentEvent(), 'whose code it is'],
  ['a tag of what was a push', push, tagEvent(), 'no tag'],
  ['a comment', commentEvent(), commentEvent(), 'a comment speaks for who wrote it'],
  ['a review', reviewEvent(), reviewEvent(), 'a review speaks for who wrote it'],
])('%s is judged only', (_what, received, edited, because) => {
  expect(whyNotTrusted([received], [edited])).toContain(because);
});

test('each event of a delivery has to have an original, whichever of them it is', () => {
  const other = pushEvent({ branch: 'dev', commit: { sha: 'b'.repeat(40) } });
  expect(whyNotTrusted([push, other], [other, push])).toBeUndefined();
  expect(whyNotTrusted([push, other], [push, pushEvent({ commit: { sha: 'c'.repeat(40) } })])).toContain('the commit');
  expect(whyNotTrusted([], [push])).toContain('no push');
});
