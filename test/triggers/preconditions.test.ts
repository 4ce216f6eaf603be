import { describe, expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import {
  comment,
  completed,
  deployment,
  pullRequest,
  push,
  release,
  review,
  status,
  tag,
} from '../../src/triggers/index.js';
import {
  checkedEventOf,
  markerToFind,
  preconditionsOf,
  pullRequestEventOf,
  skippedBeside,
  suiteOf,
} from '../../src/triggers/preconditions.js';
import type { Trigger } from '../../src/triggers/trigger.js';
import {
  chainedEvent,
  commentEvent,
  mergeGroupEvent,
  pullRequestEvent,
  pushEvent,
  releaseEvent,
  reviewEvent,
  statusEvent,
  tagEvent,
} from './sample-events.js';

const unknownFiles = pushEvent({ changedFiles: undefined } as never);
const fork = pullRequestEvent({}, { fork: true });
const command = commentEvent({ commands: [{ name: 'deploy', args: [] }] });
const ofSuite = statusEvent({ checkSuite: '7' });

test.each<[string, Trigger[], HookyardEvent, object]>([
  ['nothing for what is known', [push({ paths: ['src/**'] })], pushEvent(), {}],
  ['the paths where the files are not known', [push({ paths: ['docs/**'] })], unknownFiles, { paths: [['docs/**']] }],
  [
    'the paths of each trigger',
    [push({ paths: ['a/**'] }), push({ paths: ['b/**'] })],
    unknownFiles,
    { paths: [['a/**'], ['b/**']] },
  ],
  ['no paths where a trigger without some agrees', [push({ paths: ['a/**'] }), push()], unknownFiles, {}],
  [
    'the paths alone of triggers that agree',
    [push({ paths: ['a/**'] }), push({ branches: ['next'] })],
    unknownFiles,
    { paths: [['a/**']] },
  ],
  ['the paths of a pull request', [pullRequest({ paths: ['a/**'] })], pullRequestEvent(), { paths: [['a/**']] }],
  ['approval for a fork', [pullRequest()], fork, { approval: true }],
  ['no approval where forks are trusted', [pullRequest({ forks: true })], fork, {}],
  [
    'approval unless all triggers that agree trust forks',
    [pullRequest({ forks: true }), pullRequest()],
    fork,
    { approval: true },
  ],
  [
    'no approval where the trigger that agrees trusts forks, and another would not run',
    [pullRequest({ forks: true }), pullRequest({ branches: ['next'] })],
    fork,
    {},
  ],
  ['no approval for what is of no fork', [pullRequest()], pullRequestEvent(), {}],
  ['approval for what comes after a fork', [completed('ci')], chainedEvent({ event: fork }), { approval: true }],
  ['no approval for what comes after anything else', [completed('ci')], chainedEvent(), {}],
  ['approval where nobody listens', [push()], fork, { approval: true }],
  [
    'no approval where the trigger that listens trusts forks, though it would not run',
    [pullRequest({ branches: ['next'], forks: true })],
    fork,
    {},
  ],
  ['approval where only triggers of other events trust forks', [deployment({ forks: true })], fork, { approval: true }],
  [
    'approval where only triggers of other sources trust forks',
    [pullRequest({ sources: ['gitlab'], forks: true })],
    fork,
    { approval: true },
  ],
  ['approval where forks are expressly not trusted', [pullRequest({ forks: false })], fork, { approval: true }],
  [
    'approval where only triggers of other repositories trust forks',
    [pullRequest({ repositories: ['acme/other'], forks: true })],
    fork,
    { approval: true },
  ],
  ['the origin of a status whose suite may be a fork’s', [status()], ofSuite, { origin: true }],
  ['no origin of a status where forks are trusted', [status({ forks: true })], ofSuite, {}],
  ['no origin of a status without a suite', [status()], statusEvent(), {}],
  [
    'the origin of such a status after a run that trusts forks',
    [completed('ci')],
    chainedEvent({ event: ofSuite }),
    { origin: true },
  ],
  [
    'no origin after such a run where forks are trusted',
    [completed('ci', { forks: true })],
    chainedEvent({ event: ofSuite }),
    {},
  ],
  ['the permission of a command', [comment({ commands: ['deploy'] })], command, { permission: 'write' }],
  [
    'the permission that a trigger names',
    [comment({ commands: ['deploy'], permission: 'read' })],
    command,
    { permission: 'read' },
  ],
  [
    'the highest permission that triggers name',
    [comment({ commands: ['deploy'], permission: 'admin' }), comment({ commands: ['deploy'] })],
    command,
    { permission: 'admin' },
  ],
  ['no permission for comments that are no commands', [comment()], commentEvent(), {}],
  ['the permission of a review that judges', [review()], reviewEvent(), { permission: 'write' }],
  [
    'the permission of a review that asks for changes',
    [review()],
    reviewEvent({ action: 'changes_requested' }),
    { permission: 'write' },
  ],
  ['no permission of a review that judges nothing', [review()], reviewEvent({ action: 'commented' }), {}],
  ['no permission of a review that is dismissed', [review()], reviewEvent({ action: 'dismissed' }), {}],
  ['no permission of a review where anybody’s counts', [review({ permission: 'none' })], reviewEvent(), {}],
  [
    'the permission of a review that a trigger names, whatever the review says',
    [review({ permission: 'admin' })],
    reviewEvent({ action: 'commented' }),
    { permission: 'admin' },
  ],
])('what is found out before a run is %s', (_, on, event, wanted) => {
  expect(preconditionsOf({ on }, event)).toEqual(wanted);
});

const withoutMessage = pushEvent({ commit: { sha: 'a' } });

describe('the marker that skips', () => {
  test.each<[string, Trigger[], HookyardEvent, boolean]>([
    ['of a pull request, whose payload has no message', [pullRequest()], pullRequestEvent(), true],
    ['of a push, whose message is known', [push()], pushEvent(), false],
    ['of a push, whose payload has no message', [push()], withoutMessage, true],
    ['of such a push where it is not heeded', [push({ skippable: false })], withoutMessage, false],
    ['of such a push where it is heeded, as is said', [push({ skippable: true })], withoutMessage, true],
    ['of such a push that no trigger lets in by itself', [push(), push({ skippable: false })], withoutMessage, false],
    ['of a tag', [tag()], tagEvent(), false],
    ['of what has no commit', [release()], releaseEvent(), false],
    [
      'of a pull request whose message is known',
      [pullRequest()],
      pullRequestEvent({ commit: { sha: 'a', message: 'x' } }),
      false,
    ],
    ['where it is not heeded', [pullRequest({ skippable: false })], pullRequestEvent(), false],
    [
      'where one of the triggers that agree does not heed it',
      [pullRequest(), pullRequest({ skippable: false })],
      pullRequestEvent(),
      false,
    ],
    [
      'where a trigger that does not heed it refuses',
      [pullRequest(), pullRequest({ skippable: false, branches: ['next'] })],
      pullRequestEvent(),
      true,
    ],
  ])('is looked for, or not: %s', (_, on, event, wanted) => {
    expect(markerToFind({ on }, event)).toEqual(wanted ? { skipMarker: true } : {});
  });
});

const marked = pullRequestEvent({}, { title: 'Sell more [skip ci]' });
const MARKED = 'the title says "[skip ci]"; skippable: false would run all the same';

test.each<[string, Trigger[], HookyardEvent, string | undefined]>([
  ['beside one that heeds none', [pullRequest({ skippable: false }), pullRequest()], marked, MARKED],
  ['of one that would refuse all the same', [pullRequest({ branches: ['next'] })], marked, undefined],
  ['of one that is about another action', [pullRequest({ actions: ['closed'] })], marked, undefined],
  ['where none heeds it', [pullRequest({ skippable: false })], marked, undefined],
  ['where there is none', [pullRequest(), pullRequest({ skippable: false })], pullRequestEvent(), undefined],
  ['of a push', [push()], pushEvent({ commit: { sha: 'a', message: 'x [skip ci]' } }), undefined],
])('a marker keeps a pull request from a trigger, or does not: %s', (_, on, event, wanted) => {
  expect(skippedBeside({ on }, event)).toBe(wanted);
});

test('the status whose suite is asked about is that of the event, or of that which its chain began with', () => {
  expect(suiteOf(ofSuite)).toEqual(ofSuite);
  expect(suiteOf(chainedEvent({ event: ofSuite }))).toEqual(ofSuite);
  expect(suiteOf(chainedEvent({ event: statusEvent() }))).toBeUndefined();
});

test('a run touches the code of the pull request of its event, or of that which its chain began with', () => {
  expect(pullRequestEventOf(fork)).toBe(fork);
  expect(pullRequestEventOf(chainedEvent({ event: fork }))).toBe(fork);
  expect(pullRequestEventOf(pushEvent())).toBeUndefined();
  expect(pullRequestEventOf(chainedEvent())).toBeUndefined();
});

test('a merge waits for checks of a pull request, and of a merge queue that asks for them, whatever they were chained from', () => {
  const asks = mergeGroupEvent({ action: 'checks_requested' });
  for (const event of [fork, asks]) {
    expect(checkedEventOf(event)).toBe(event);
    expect(checkedEventOf(chainedEvent({ event }))).toBe(event);
  }
  const left = mergeGroupEvent({ action: 'destroyed' } as never);
  for (const event of [left, pushEvent(), statusEvent()]) {
    expect(checkedEventOf(event)).toBeUndefined();
    expect(checkedEventOf(chainedEvent({ event }))).toBeUndefined();
  }
});
