import { describe, expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { match } from '../../src/events/match.js';
import {
  comment,
  deployment,
  generic,
  pullRequest,
  push,
  release,
  review,
  status,
  type Trigger,
  tag,
} from '../../src/events/trigger.js';
import {
  commentEvent,
  deploymentEvent,
  genericEvent,
  pullRequestEvent,
  pushEvent,
  releaseEvent,
  reviewEvent,
  statusEvent,
  tagEvent,
} from './sample-events.js';

const verdict = (on: Trigger | Trigger[], event: HookyardEvent): string => {
  const { runs, because } = match({ name: 'ci', on: [on].flat(), file: 'ci.ts' }, event);
  return `${runs ? 'runs' : 'filtered'}: ${because}`;
};

describe('every trigger and filter says in words why it runs or not', () => {
  test.each<[string, Trigger | Trigger[], HookyardEvent, string]>([
    ['push to any branch', push(), pushEvent(), 'runs: push to main of acme/shop at 1234567'],
    [
      'push to a listed branch',
      push({ branches: ['main', 'release/**'] }),
      pushEvent({ branch: 'release/1/x' }),
      'runs: push to release/1/x of acme/shop at 1234567',
    ],
    [
      'push to another branch',
      push({ branches: ['main'] }),
      pushEvent({ branch: 'dev' }),
      'filtered: branch "dev" is not in branches ["main"]',
    ],
    [
      'a star stays within a part of the name',
      push({ branches: ['release/*'] }),
      pushEvent({ branch: 'release/1/x' }),
      'filtered: branch "release/1/x" is not in branches ["release/*"]',
    ],
    [
      'names are case-sensitive',
      push({ branches: ['Main'] }),
      pushEvent(),
      'filtered: branch "main" is not in branches ["Main"]',
    ],
    [
      'a negation takes away',
      push({ branches: ['**', '!wip/**'] }),
      pushEvent({ branch: 'wip/x' }),
      'filtered: branch "wip/x" is not in branches ["**","!wip/**"]',
    ],
    [
      'only negations start from all',
      push({ branches: ['!wip/**'] }),
      pushEvent(),
      'runs: push to main of acme/shop at 1234567',
    ],
    [
      'the last match wins',
      push({ branches: ['!main', 'main'] }),
      pushEvent(),
      'runs: push to main of acme/shop at 1234567',
    ],
    [
      'a changed file in paths',
      push({ paths: ['src/**'] }),
      pushEvent(),
      'runs: push to main of acme/shop at 1234567; changed file "src/cart.ts" is in paths',
    ],
    [
      'no changed file in paths',
      push({ paths: ['docs/**'] }),
      pushEvent(),
      'filtered: none of the 2 changed files is in paths ["docs/**"]',
    ],
    [
      'a dot file is a file',
      push({ paths: ['**'] }),
      pushEvent({ changedFiles: ['.github/x.yml'] }),
      'runs: push to main of acme/shop at 1234567; changed file ".github/x.yml" is in paths',
    ],
    [
      'unknown files run',
      push({ paths: ['docs/**'] }),
      pushEvent({ changedFiles: undefined } as never),
      'runs: push to main of acme/shop at 1234567; which files changed is not known, so paths did not filter',
    ],
    [
      'another repository',
      push({ repositories: ['acme/web-*'] }),
      pushEvent(),
      'filtered: repository "acme/shop" is not in repositories ["acme/web-*"]',
    ],
    ['a tag is no push', push(), tagEvent(), 'filtered: listens to push, and this is tag'],
    ['a tag', tag({ tags: ['v*', '!*-rc*'] }), tagEvent(), 'runs: tag v1.2.0 of acme/shop at 1234567'],
    [
      'another tag',
      tag({ tags: ['v*', '!*-rc*'] }),
      tagEvent({ tag: 'v2-rc1' }),
      'filtered: tag "v2-rc1" is not in tags ["v*","!*-rc*"]',
    ],
    [
      'a pull request with new code',
      pullRequest(),
      pullRequestEvent(),
      'runs: pull request #7 of acme/shop opened at 1234567',
    ],
    [
      'a pull request without new code',
      pullRequest(),
      pullRequestEvent({ action: 'labeled' }),
      'filtered: action "labeled" brings no new code; name it in actions to run on it',
    ],
    [
      'a changed base is like new code',
      pullRequest(),
      pullRequestEvent({ action: 'edited', baseChanged: true }),
      'runs: pull request #7 of acme/shop edited at 1234567',
    ],
    [
      'a named action',
      pullRequest({ actions: ['closed'] }),
      pullRequestEvent({ action: 'closed' }),
      'runs: pull request #7 of acme/shop closed at 1234567',
    ],
    [
      'another action',
      pullRequest({ actions: ['closed'] }),
      pullRequestEvent(),
      'filtered: action "opened" is not in actions ["closed"]',
    ],
    [
      'another base branch',
      pullRequest({ branches: ['main'] }),
      pullRequestEvent({}, { base: { ref: 'old', sha: 'x' } }),
      'filtered: base branch "old" is not in branches ["main"]',
    ],
    [
      'a draft, refused',
      pullRequest({ draft: false }),
      pullRequestEvent({}, { draft: true }),
      'filtered: it is a draft, and draft: false refuses them',
    ],
    [
      'no draft, but asked for',
      pullRequest({ draft: true }),
      pullRequestEvent(),
      'filtered: it is not a draft, and draft: true asks for one',
    ],
    [
      'a fork, by default',
      pullRequest(),
      pullRequestEvent({}, { fork: true, head: { ref: 'x', sha: 'x', repository: 'eve/shop' } }),
      'filtered: its head is in the fork eve/shop, and forks run only with forks: true',
    ],
    [
      'a fork, allowed',
      pullRequest({ forks: true }),
      pullRequestEvent({}, { fork: true }),
      'runs: pull request #7 of acme/shop opened at 1234567',
    ],
    ['the second of two triggers', [tag(), push()], pushEvent(), 'runs: push to main of acme/shop at 1234567'],
    [
      'both of two refuse',
      [push({ branches: ['a'] }), push({ branches: ['b'] })],
      pushEvent(),
      'filtered: branch "main" is not in branches ["a"]; branch "main" is not in branches ["b"]',
    ],
    [
      'another source',
      push({ sources: ['gitlab'] }),
      pushEvent(),
      'filtered: source "github" is not in sources ["gitlab"]',
    ],
    [
      'a bot, refused',
      push({ bots: false }),
      pushEvent({ sender: { login: 'renovate[bot]', bot: true } }),
      'filtered: "renovate[bot]" is a bot, and bots: false refuses them',
    ],
    ['an author', push({ authors: ['ad*'] }), pushEvent(), 'runs: push to main of acme/shop at 1234567'],
    ['another author', push({ authors: ['bob'] }), pushEvent(), 'filtered: author "ada" is not in authors ["bob"]'],
    [
      'an author who is not known',
      push({ authors: ['bob'] }),
      pushEvent({ commit: { sha: '1'.repeat(40) } }),
      'filtered: its author is not known, so it is not in authors ["bob"]',
    ],
    ['a message', push({ messages: ['Sell *'] }), pushEvent(), 'runs: push to main of acme/shop at 1234567'],
    [
      'another message',
      push({ messages: ['fix:**'] }),
      pushEvent(),
      'filtered: message "Sell more" is not in messages ["fix:**"]',
    ],
    [
      'a skip marker',
      push(),
      pushEvent({ commit: { sha: '1'.repeat(40), message: 'Typo [Skip CI]' } }),
      'filtered: the commit message says "[Skip CI]"; skippable: false would run all the same',
    ],
    [
      'a skip trailer',
      push(),
      pushEvent({ commit: { sha: '1'.repeat(40), message: 'Typo\n\nskip-checks: true' } }),
      'filtered: the commit message says "skip-checks: true"; skippable: false would run all the same',
    ],
    [
      'a skip marker, overruled',
      push({ skippable: false }),
      pushEvent({ commit: { sha: '1'.repeat(40), message: '[ci skip]' } }),
      'runs: push to main of acme/shop at 1111111',
    ],
    [
      'a skip marker in a title',
      pullRequest(),
      pullRequestEvent({}, { title: 'Docs [no ci]' }),
      'filtered: the title says "[no ci]"; skippable: false would run all the same',
    ],
    [
      'a head branch',
      pullRequest({ headBranches: ['more'] }),
      pullRequestEvent(),
      'runs: pull request #7 of acme/shop opened at 1234567',
    ],
    [
      'another head branch',
      pullRequest({ headBranches: ['release/**'] }),
      pullRequestEvent(),
      'filtered: head branch "more" is not in headBranches ["release/**"]',
    ],
    [
      'one of the labels',
      pullRequest({ labels: ['bug', 'urgent'] }),
      pullRequestEvent({}, { labels: ['urgent'] }),
      'runs: pull request #7 of acme/shop opened at 1234567',
    ],
    [
      'none of the labels',
      pullRequest({ labels: ['bug'] }),
      pullRequestEvent({}, { labels: ['docs'] }),
      'filtered: none of its labels ["docs"] is in labels ["bug"]',
    ],
    [
      'not all of the labels',
      pullRequest({ allLabels: ['bug', 'urgent'] }),
      pullRequestEvent({}, { labels: ['bug'] }),
      'filtered: the label "urgent" of allLabels is missing',
    ],
    [
      'another title',
      pullRequest({ titles: ['feat:**'] }),
      pullRequestEvent(),
      'filtered: title "Sell even more" is not in titles ["feat:**"]',
    ],
    [
      'a new comment',
      comment({ on: ['pull_request'] }),
      commentEvent(),
      'runs: comment on pull request #7 of acme/shop created',
    ],
    [
      'an edited comment',
      comment(),
      commentEvent({ action: 'edited' }),
      'filtered: action "edited" is not in actions ["created"]',
    ],
    [
      'a comment on something else',
      comment({ on: ['issue'] }),
      commentEvent(),
      'filtered: a comment on "pull_request" is not in on ["issue"]',
    ],
    [
      'a review',
      review({ actions: ['approved'] }),
      reviewEvent(),
      'runs: review of pull request #7 of acme/shop: approved',
    ],
    [
      'another review',
      review({ actions: ['changes_requested'] }),
      reviewEvent(),
      'filtered: action "approved" is not in actions ["changes_requested"]',
    ],
    ['a release', release({ tags: ['v*'] }), releaseEvent(), 'runs: release v1 of acme/shop published'],
    [
      'a prerelease, refused',
      release({ prerelease: false }),
      releaseEvent({ prerelease: true }),
      'filtered: it is a prerelease, and prerelease: false refuses that',
    ],
    [
      'a deployment',
      deployment({ environments: ['prod*'] }),
      deploymentEvent(),
      'runs: deployment of acme/shop to production: created',
    ],
    [
      'a deployment elsewhere',
      deployment({ environments: ['staging'] }),
      deploymentEvent(),
      'filtered: environment "production" is not in environments ["staging"]',
    ],
    [
      'a status',
      status({ names: ['build*'], branches: ['main'] }),
      statusEvent(),
      'runs: status build of acme/shop: failure at 1234567',
    ],
    [
      'a status that is not final',
      status(),
      statusEvent({ state: 'pending' }),
      'filtered: state "pending" is not in states ["success","failure"]',
    ],
    [
      'a status of our own',
      status(),
      statusEvent({ name: 'hookyard/ci' }),
      'filtered: "hookyard/ci" is a status of our own; name it in names to run on it',
    ],
    [
      'a payment',
      generic({ types: ['payment_intent.*'] }),
      genericEvent(),
      'runs: payment_intent.succeeded from stripe',
    ],
    [
      'another type',
      generic({ types: ['invoice.*'] }),
      genericEvent(),
      'filtered: type "payment_intent.succeeded" is not in types ["invoice.*"]',
    ],
  ])('%s', (_, on, event, words) => {
    expect(verdict(on, event)).toBe(words);
  });
});

describe('a wrong option is refused in words', () => {
  test.each<[string, () => unknown, string]>([
    [
      'a typing error',
      () => push({ branch: ['main'] } as never),
      'push(): unknown option "branch"; did you mean "branches"?',
    ],
    [
      'a stranger',
      () => tag({ schedule: 1 } as never),
      'tag(): unknown option "schedule"; it has "tags", "sources", "repositories", "bots"',
    ],
    [
      'a text for a list',
      () => push({ branches: 'main' } as never),
      'push(): "branches" must be a list of at least one non-empty string, not "main"',
    ],
    [
      'an empty list',
      () => push({ paths: [] }),
      'push(): "paths" must be a list of at least one non-empty string, not []',
    ],
    ['an unknown action', () => pullRequest({ actions: ['open' as never] }), '(and "open" is none of them)'],
    [
      'a word for yes',
      () => pullRequest({ forks: 'yes' as never }),
      'pullRequest(): "forks" must be true or false, not "yes"',
    ],
  ])('%s', (_, make, words) => {
    expect(make).toThrow(words);
  });
});
