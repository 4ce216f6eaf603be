import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import {
  comment,
  completed,
  cron,
  deployment,
  generic,
  manual,
  mergeGroup,
  pullRequest,
  push,
  release,
  review,
  status,
  tag,
} from '../../src/triggers/index.js';
import { match } from '../../src/triggers/match.js';
import type { Trigger } from '../../src/triggers/trigger.js';
import {
  chainedEvent,
  commentEvent,
  deploymentEvent,
  genericEvent,
  manualEvent,
  mergeGroupEvent,
  pullRequestEvent,
  pushEvent,
  releaseEvent,
  reviewEvent,
  scheduleEvent,
  statusEvent,
  tagEvent,
} from './sample-events.js';

const MERGE = 'Merge pull request #5 from a/b';
const stacked = { base: { ref: 'below', sha: 'x' }, stack: { base: { ref: 'main' } } };
const queuePush = pushEvent({ branch: mergeGroupEvent().branch, ref: mergeGroupEvent().ref, mergeQueue: true });

/** A made-up delivery for each trigger and filter. What is said of it stands in verdicts.txt. */
const cases: readonly [string, Trigger | Trigger[], HookyardEvent][] = [
  ['push to any branch', push(), pushEvent()],
  ['push to a listed branch', push({ branches: ['main', 'release/**'] }), pushEvent({ branch: 'release/1/x' })],
  ['push to another branch', push({ branches: ['main'] }), pushEvent({ branch: 'dev' })],
  ['a star stays within a part of the name', push({ branches: ['release/*'] }), pushEvent({ branch: 'release/1/x' })],
  ['names are case-sensitive', push({ branches: ['Main'] }), pushEvent()],
  ['a negation takes away', push({ branches: ['**', '!wip/**'] }), pushEvent({ branch: 'wip/x' })],
  ['only negations start from all', push({ branches: ['!wip/**'] }), pushEvent()],
  ['the last match wins', push({ branches: ['!main', 'main'] }), pushEvent()],
  ['a changed file in paths', push({ paths: ['src/**'] }), pushEvent()],
  ['no changed file in paths', push({ paths: ['docs/**'] }), pushEvent()],
  ['a dot file is a file', push({ paths: ['**'] }), pushEvent({ changedFiles: ['.github/x.yml'] })],
  ['unknown files run', push({ paths: ['docs/**'] }), pushEvent({ changedFiles: undefined } as never)],
  ['another repository', push({ repositories: ['acme/web-*'] }), pushEvent()],
  ['a tag is no push', push(), tagEvent()],
  ['a tag', tag({ tags: ['v*', '!*-rc*'] }), tagEvent()],
  ['another tag', tag({ tags: ['v*', '!*-rc*'] }), tagEvent({ tag: 'v2-rc1' })],
  ['a pull request with new code', pullRequest(), pullRequestEvent()],
  ['a pull request without new code', pullRequest(), pullRequestEvent({ action: 'labeled' })],
  ['a changed base is like new code', pullRequest(), pullRequestEvent({ action: 'edited', baseChanged: true })],
  [
    'being put into a stack is like new code',
    pullRequest(),
    pullRequestEvent({ action: 'stacked', baseChanged: true }),
  ],
  ['the base branch of its stack', pullRequest({ branches: ['main'] }), pullRequestEvent({}, stacked)],
  ['a base branch within its stack', pullRequest({ branches: ['below'] }), pullRequestEvent({}, stacked)],
  [
    'other base branches than its own and that of its stack',
    pullRequest({ branches: ['next'] }),
    pullRequestEvent({}, stacked),
  ],
  ['a merge group', mergeGroup({ branches: ['main'] }), mergeGroupEvent()],
  ['a merge group of another branch', mergeGroup({ branches: ['next'] }), mergeGroupEvent()],
  ['a merge group that is destroyed', mergeGroup(), mergeGroupEvent({ action: 'destroyed', reason: 'dequeued' })],
  [
    'a merge group that is destroyed, asked for',
    mergeGroup({ actions: ['destroyed'] }),
    mergeGroupEvent({ action: 'destroyed', reason: 'dequeued' }),
  ],
  ['a push of a merge queue', push(), queuePush],
  ['a push of a merge queue, against all branches', push({ branches: ['**'] }), queuePush],
  ['a push of a merge queue, named', push({ branches: ['main', 'gh-readonly-queue/**'] }), queuePush],
  [
    'a push of a merge queue, named and taken away',
    push({ branches: ['gh-readonly-queue/**', '!gh-*/main/**'] }),
    queuePush,
  ],
  ['a push of a merge queue of another branch', push({ branches: ['**', 'gh-readonly-queue/next/**'] }), queuePush],
  ['a named action', pullRequest({ actions: ['closed'] }), pullRequestEvent({ action: 'closed' })],
  ['another action', pullRequest({ actions: ['closed'] }), pullRequestEvent()],
  [
    'another base branch',
    pullRequest({ branches: ['main'] }),
    pullRequestEvent({}, { base: { ref: 'old', sha: 'x' } }),
  ],
  ['a draft, refused', pullRequest({ draft: false }), pullRequestEvent({}, { draft: true })],
  ['no draft, but asked for', pullRequest({ draft: true }), pullRequestEvent()],
  [
    'a fork, by default',
    pullRequest(),
    pullRequestEvent({}, { fork: true, head: { ref: 'x', sha: 'x', repository: 'eve/shop' } }),
  ],
  [
    'a head that is not a branch',
    pullRequest(),
    pullRequestEvent({}, { fork: true, head: { ref: 'refs/pull/7/head', sha: 'x', repository: 'acme/shop' } }),
  ],
  ['a fork, allowed', pullRequest({ forks: true }), pullRequestEvent({}, { fork: true })],
  ['the second of two triggers', [tag(), push()], pushEvent()],
  ['both of two refuse', [push({ branches: ['a'] }), push({ branches: ['b'] })], pushEvent()],
  ['another source', push({ sources: ['gitlab'] }), pushEvent()],
  ['a bot, refused', push({ bots: false }), pushEvent({ sender: { login: 'renovate[bot]', bot: true } })],
  ['an author', push({ authors: ['ad*'] }), pushEvent()],
  ['another author', push({ authors: ['bob'] }), pushEvent()],
  ['an author who is not known', push({ authors: ['bob'] }), pushEvent({ commit: { sha: '1'.repeat(40) } })],
  ['a message', push({ messages: ['Sell *'] }), pushEvent()],
  ['another message', push({ messages: ['fix:**'] }), pushEvent()],
  ['a skip marker', push(), pushEvent({ commit: { sha: '1'.repeat(40), message: 'Typo [Skip CI]' } })],
  ['a skip trailer', push(), pushEvent({ commit: { sha: '1'.repeat(40), message: 'Typo\n\nskip-checks: true' } })],
  [
    'a skip marker, overruled',
    push({ skippable: false }),
    pushEvent({ commit: { sha: '1'.repeat(40), message: '[ci skip]' } }),
  ],
  ['a skip marker in a title', pullRequest(), pullRequestEvent({}, { title: 'Docs [no ci]' })],
  ['a head branch', pullRequest({ headBranches: ['more'] }), pullRequestEvent()],
  ['another head branch', pullRequest({ headBranches: ['release/**'] }), pullRequestEvent()],
  ['one of the labels', pullRequest({ labels: ['bug', 'urgent'] }), pullRequestEvent({}, { labels: ['urgent'] })],
  ['none of the labels', pullRequest({ labels: ['bug'] }), pullRequestEvent({}, { labels: ['docs'] })],
  ['not all of the labels', pullRequest({ allLabels: ['bug', 'urgent'] }), pullRequestEvent({}, { labels: ['bug'] })],
  ['another title', pullRequest({ titles: ['feat:**'] }), pullRequestEvent()],
  ['a new comment', comment({ on: ['pull_request'] }), commentEvent()],
  ['an edited comment', comment(), commentEvent({ action: 'edited' })],
  ['a comment on something else', comment({ on: ['issue'] }), commentEvent()],
  ['a review', review({ actions: ['approved'] }), reviewEvent()],
  ['another review', review({ actions: ['changes_requested'] }), reviewEvent()],
  [
    'a review by whoever may read',
    review({ permission: 'read', actions: ['commented'] }),
    reviewEvent({ action: 'commented' }),
  ],
  ['a release', release({ tags: ['v*'] }), releaseEvent()],
  ['a prerelease, refused', release({ prerelease: false }), releaseEvent({ prerelease: true })],
  ['a deployment', deployment({ environments: ['prod*'] }), deploymentEvent()],
  ['a deployment elsewhere', deployment({ environments: ['staging'] }), deploymentEvent()],
  ['a status', status({ names: ['build*'], branches: ['main'] }), statusEvent()],
  [
    "a status of a fork's commit, whose branch is called main",
    status({ branches: ['main'] }),
    statusEvent({ fork: true }),
  ],
  ["a status of a fork's commit, asked for", status({ forks: true }), statusEvent({ fork: true })],
  [
    'a status of one of several branches',
    status({ branches: ['main'] }),
    statusEvent({ branch: 'dev', branches: ['dev', 'main'] }),
  ],
  [
    'a status of several other branches',
    status({ branches: ['main'] }),
    statusEvent({ branch: 'dev', branches: ['dev', 'more'] }),
  ],
  ["a deployment of a fork's commit", deployment(), deploymentEvent({ fork: true })],
  ["a deployment of a fork's commit, asked for", deployment({ forks: true }), deploymentEvent({ fork: true })],
  [
    "what comes after a status of a fork's commit",
    completed('ci'),
    chainedEvent({ event: statusEvent({ fork: true }) }),
  ],
  ['a status that is not final', status(), statusEvent({ state: 'pending' })],
  ['a status of our own', status(), statusEvent({ name: 'hookyard/ci' })],
  ['a payment', generic({ types: ['payment_intent.*'] }), genericEvent()],
  ['another type', generic({ types: ['invoice.*'] }), genericEvent()],

  ['an author of a pull request', pullRequest({ authors: ['b*'] }), pullRequestEvent()],
  ['another author of a pull request', pullRequest({ authors: ['ada'] }), pullRequestEvent()],
  [
    'a skip marker of a pull request, overruled',
    pullRequest({ skippable: false }),
    pullRequestEvent({}, { title: 'Docs [no ci]' }),
  ],
  ['an edited release, asked for', release({ actions: ['edited'] }), releaseEvent({ action: 'edited' })],
  ['an edited release', release(), releaseEvent({ action: 'edited' })],
  [
    'a deployment that went well, asked for',
    deployment({ actions: ['success'] }),
    deploymentEvent({ action: 'success' }),
  ],
  ['a deployment that went well', deployment(), deploymentEvent({ action: 'success' })],
  ['an edited comment, asked for', comment({ actions: ['edited'] }), commentEvent({ action: 'edited' })],
  ['a pending status, asked for', status({ states: ['pending'] }), statusEvent({ state: 'pending' })],
  ['a time that has come', cron('0 3 * * 1-5', { timezone: 'Europe/Berlin', jitter: '5 minutes' }), scheduleEvent()],
  ['a run by hand', manual({ inputs: { environment: ['staging', 'production'] } }), manualEvent()],
  ['a run by hand is no push', push(), manualEvent()],
  ['another automation that passed', completed('ci'), chainedEvent()],
  ['another automation that failed', completed('ci'), chainedEvent({ outcome: 'failed' })],
  [
    'another automation that failed, asked for',
    completed('ci', { outcomes: ['failed', 'error'] }),
    chainedEvent({ outcome: 'failed' }),
  ],
  ['not the automation that is waited for', completed('release'), chainedEvent()],
  ['an unknown change of a pull request', pullRequest({ paths: ['src/**'] }), pullRequestEvent()],
  ['what our own account did', push(), pushEvent({ sender: { login: 'hookyard-bot', bot: false, own: true } })],
  [
    'what our own account did, asked for',
    push({ own: true }),
    pushEvent({ sender: { login: 'hookyard-bot', bot: false, own: true } }),
  ],
  ['a command', comment({ commands: ['deploy'] }), commentEvent({ commands: [{ name: 'deploy', args: ['staging'] }] })],
  ['a comment without a command', comment({ commands: ['deploy'] }), commentEvent()],
  [
    'another command',
    comment({ commands: ['deploy'], permission: 'admin' }),
    commentEvent({ commands: [{ name: 'retest', args: [] }] }),
  ],
  [
    'a command of a bot',
    comment({ commands: ['deploy'] }),
    commentEvent({ commands: [{ name: 'deploy', args: [] }], sender: { login: 'renovate[bot]', bot: true } }),
  ],
  [
    'a command on a closed pull request',
    comment({ commands: ['deploy'] }),
    commentEvent({ commands: [{ name: 'deploy', args: [] }], open: false }),
  ],
  ['a command on an issue', comment({ commands: ['deploy'] }), commentEvent({ on: 'issue' })],
  [
    'a star crosses a slash in a message',
    push({ messages: ['!Merge*'] }),
    pushEvent({ commit: { sha: '1'.repeat(40), message: MERGE } }),
  ],
  ['a star crosses a slash in a title', pullRequest({ titles: ['Merge*'] }), pullRequestEvent({}, { title: MERGE })],
  [
    'a star crosses a slash in the name of a status',
    status({ names: ['ci*'] }),
    statusEvent({ name: 'ci/build/linux' }),
  ],
  ['a star crosses a slash in a type', generic({ types: ['order*'] }), genericEvent({ type: 'order/paid' })],
  [
    'a star crosses a slash in an environment',
    deployment({ environments: ['review*'] }),
    deploymentEvent({ environment: 'review/a' }),
  ],
  [
    'braces in a title are as in a path',
    pullRequest({ titles: ['{feat,fix}*'] }),
    pullRequestEvent({}, { title: 'fix a/b' }),
  ],
  [
    'an unknown author is not taken away',
    push({ authors: ['!renovate*'] }),
    pushEvent({ commit: { sha: '1'.repeat(40) } }),
  ],
  [
    'an unknown message is not taken away',
    push({ messages: ['!wip*'] }),
    pushEvent({ commit: { sha: '1'.repeat(40) } }),
  ],
  [
    'an unknown author of a pull request is not taken away',
    pullRequest({ authors: ['!renovate*'] }),
    pullRequestEvent({}, { author: undefined } as never),
  ],
  [
    'an unknown branch of a status is not taken away',
    status({ branches: ['!main'] }),
    statusEvent({ branch: undefined } as never),
  ],
  [
    'an unknown branch of a status is not listed',
    status({ branches: ['main'] }),
    statusEvent({ branch: undefined } as never),
  ],
  [
    'an unknown author is taken away from all by nothing',
    pullRequest({ authors: ['**', '!renovate*'] }),
    pullRequestEvent({}, { author: undefined } as never),
  ],
  [
    'an unknown message is taken away from all by nothing',
    push({ messages: ['fix*', '*', '!wip*'] }),
    pushEvent({ commit: { sha: '1'.repeat(40) } }),
  ],
  [
    'an unknown author is taken away with all',
    push({ authors: ['**', '!*', 'bob'] }),
    pushEvent({ commit: { sha: '1'.repeat(40) } }),
  ],
  [
    'an unknown branch of a status is none of all',
    status({ branches: ['**', '!wip/**'] }),
    statusEvent({ branch: undefined } as never),
  ],
  [
    'a commit without files, against a list that takes away',
    push({ paths: ['!docs/**'] }),
    pushEvent({ changedFiles: [] }),
  ],
  ['a commit without files, against a list that adds', push({ paths: ['src/**'] }), pushEvent({ changedFiles: [] })],
  ['only files that are taken away', push({ paths: ['!docs/**'] }), pushEvent({ changedFiles: ['docs/a.md'] })],
  [
    'a path that is too long for a pattern counts',
    push({ paths: ['{src,lib}/**'] }),
    pushEvent({ changedFiles: [`src/${'a'.repeat(300)}`] }),
  ],
  [
    'a path that is too long for a pattern is not taken away',
    push({ paths: ['!{src,lib}/**'] }),
    pushEvent({ changedFiles: [`src/${'a'.repeat(300)}`] }),
  ],
];

describe('every trigger and filter says in words why it runs or not', () => {
  test('every trigger and filter says in words why it runs or not, as verdicts.txt has it', async () => {
    const told = cases.map(([name, on, event]) => {
      const { runs, because } = match({ on: [on].flat() }, event);
      return `${name}\n  ${[on].flat().map(shown).join(' | ')}\n  ${runs ? 'runs' : 'filtered'}: ${because}\n`;
    });
    await expect(told.join('\n')).toMatchFileSnapshot(fileURLToPath(new URL('verdicts.txt', import.meta.url)));
  });

  test('no trigger and no filter is left out of verdicts.txt', () => {
    const used = new Set(
      cases.flatMap(([, on]) =>
        [on].flat().flatMap((trigger) => Object.keys(trigger).map((option) => `${trigger.kind}.${option}`)),
      ),
    );
    // An option that no trigger has, and the answer lists those that it does have.
    const missing = Object.entries(makers).flatMap(([kind, make]) => {
      // An option that no trigger has: the refusal lists those that it does have.
      const refusal = caught(() => make({ 'no such option, nor one like it': 1 } as never));
      const options = [...refusal.matchAll(/"([a-zA-Z]+)"/g)].map(([, option = '']) => option);
      return options
        .map((option) => `${SHARED.includes(option) ? 'push' : kind}.${option}`)
        .filter((option) => !used.has(option));
    });
    expect([...new Set(missing)]).toEqual([]);
  });
});

const SHARED = ['sources', 'repositories', 'bots', 'own'];
const makers = {
  push,
  tag,
  pull_request: pullRequest,
  merge_group: mergeGroup,
  comment,
  review,
  release,
  deployment,
  status,
  generic,
};

function shown({ kind, ...options }: Trigger): string {
  return `${kind} ${JSON.stringify(options)}`;
}

function caught(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

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
      'tag(): unknown option "schedule"; it has "tags", "sources", "repositories", "bots", "own"',
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
    ['an unknown action', () => pullRequest({ actions: ['open' as never] }), '(and "open" is not one of them)'],
    ['a cron with four fields', () => cron('0 3 * *'), 'cron(): "0 3 * *" can\'t be read: five fields are needed'],
    ['a cron with an hour too many', () => cron('0 24 * * *'), '"24" is not a valid hour: it is from 0 to 23'],
    ['a cron with the name of no month', () => cron('0 3 1 foo *'), '"foo" is not a valid month'],
    ['a cron with a day in the place of a month', () => cron('0 3 * mon *'), '"mon" is not a valid month'],
    ['a cron with a range that ends before it begins', () => cron('0 3 * * fri-mon'), 'ends before it begins'],
    ['a cron of a day that no month has', () => cron('0 3 30 feb *'), 'never comes: of its months, the longest has 29'],
    ['a cron of the 31st of short months', () => cron('0 3 31 4,6,9-11/2 *'), 'the longest has 30 days'],
    ['a cron of a day that no month has, on a weekday', () => cron('0 3 31 apr mon'), 'the longest has 30 days'],
    ['a time zone in small letters', () => cron('0 3 * * *', { timezone: 'europe/berlin' }), 'the name of a time zone'],
    ['a permission that there is not', () => review({ permission: 'maintain' as never }), 'none, read, write or admin'],
    ['a permission without commands', () => comment({ permission: 'admin' }), 'name them in "commands"'],
    [
      'an input with a detail that there is not',
      () => manual({ inputs: { x: { type: 'string', deflt: 1 } as never } }),
      'has "deflt"',
    ],
    ['a time zone that is none', () => cron('0 3 * * *', { timezone: 'Berlin' }), 'the name of a time zone'],
    ['a jitter without a unit', () => cron('0 3 * * *', { jitter: '5' }), "a time in words, such as '5 minutes'"],
    ['an input of no type', () => manual({ inputs: { x: 'date' as never } }), 'the input "x" must be'],
    [
      'a default of another type',
      () => manual({ inputs: { x: { type: 'number', default: 'a' } } }),
      'which is not a number',
    ],
    ['a command with a slash', () => comment({ commands: ['/deploy'] }), 'a list of command names without the slash'],
    [
      'a word for yes',
      () => pullRequest({ forks: 'yes' as never }),
      'pullRequest(): "forks" must be true or false, not "yes"',
    ],
  ])('a wrong option is refused in words: %s', (_, make, words) => {
    expect(make).toThrow(words);
  });

  test.each(['0 3 29 2 *', '0 3 30,1 2 *', '0 3 31 4,5 *', '0 3 31 */2 *', '0 3 */31 2 *', '0 3 29 2 mon'])(
    'a cron that comes at least now and then is taken: %s',
    (expression) => expect(cron(expression).cron).toBe(expression),
  );
});

test.each([
  ['of another branch', mergeGroup({ branches: ['next'] }), mergeGroupEvent(), true],
  ['of no action that it listens to', mergeGroup({ actions: ['destroyed'] }), mergeGroupEvent(), false],
  ['that is destroyed', mergeGroup({ branches: ['next'] }), mergeGroupEvent({ action: 'destroyed' }), false],
  ['at a trigger for pushes', push({ branches: ['next'] }), mergeGroupEvent(), false],
  ['at no merge group: a pull request', mergeGroup({ branches: ['next'] }), pullRequestEvent(), false],
])('whether checks of a merge group are reported as skipped: one %s', (_, trigger, event, skips) => {
  const matched = match({ on: [trigger] }, event);
  expect({ runs: matched.runs, skips: matched.runs ? false : Boolean(matched.skips) }).toEqual({ runs: false, skips });
});

test('a trigger for any base branch says nothing of the stack', () => {
  expect(match({ on: [pullRequest()] }, pullRequestEvent({}, stacked)).because).not.toContain('stack');
});

test('a changed base is an edit for who asks for those, whatever else was changed with it', () => {
  const retargeted = pullRequestEvent({ action: 'labeled', baseChanged: true });
  expect(match({ on: [pullRequest({ actions: ['edited'] })] }, retargeted).runs).toBe(true);
  expect(match({ on: [pullRequest({ actions: ['labeled'] })] }, retargeted).runs).toBe(true);
  expect(match({ on: [pullRequest({ actions: ['closed'] })] }, retargeted).runs).toBe(false);
  expect(match({ on: [pullRequest({ actions: ['edited'] })] }, pullRequestEvent({ action: 'labeled' })).runs).toBe(
    false,
  );
});
