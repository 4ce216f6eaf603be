import { describe, expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { inList, notFork } from '../../src/triggers/filters.js';
import { included } from '../../src/triggers/glob.js';
import { comment, deployment, pullRequest, push, release, status, tag } from '../../src/triggers/index.js';
import { match, openPaths } from '../../src/triggers/match.js';
import type { Trigger } from '../../src/triggers/trigger.js';
import {
  commentEvent,
  deploymentEvent,
  pullRequestEvent,
  pushEvent,
  releaseEvent,
  reviewEvent,
  statusEvent,
} from './sample-events.js';

const sha = 'a'.repeat(40);
const of = (trigger: Trigger, event: HookyardEvent) => match({ on: [trigger] }, event);

test.each<[string, Trigger, HookyardEvent]>([
  ['a prerelease that is asked for', release({ prerelease: true }), releaseEvent({ prerelease: true })],
  ['a release that is none', release({ prerelease: false }), releaseEvent()],
  ['a draft that is asked for', pullRequest({ draft: true }), pullRequestEvent({}, { draft: true })],
  ['no draft where none is wanted', pullRequest({ draft: false }), pullRequestEvent()],
  [
    'one of two commands',
    comment({ commands: ['deploy'] }),
    commentEvent({ commands: ['retest', 'deploy'].map((name) => ({ name, args: [] })) }),
  ],
  [
    'the first line of a message',
    push({ messages: ['Sell'] }),
    pushEvent({ commit: { sha, message: 'Sell\n\nmore' } }),
  ],
  ['the same of Windows', push({ messages: ['Sell'] }), pushEvent({ commit: { sha, message: 'Sell\r\nmore' } })],
  [
    'the first line of a message that is not blank',
    push({ messages: ['fix*'] }),
    pushEvent({ commit: { sha, message: '\r\n \nfix: a\n\nmore' } }),
  ],
  ['a message of blank lines', push({ messages: ['*', '!wip*'] }), pushEvent({ commit: { sha, message: '\n\n' } })],
  [
    'a status of a branch and others',
    status({ branches: ['main'] }),
    statusEvent({ branch: 'main', branches: ['main', 'dev'] }),
  ],
  [
    'a status of a branch among others',
    status({ branches: ['main'] }),
    statusEvent({ branch: 'a', branches: ['a', 'main', 'b'] }),
  ],
])('an automation runs for %s', (_, trigger, event) => {
  expect(of(trigger, event).runs).toBe(true);
});

test.each<[Trigger, HookyardEvent, string]>([
  [
    push({ messages: ['!wip*'] }),
    pushEvent({ commit: { sha, message: '\nwip: a' } }),
    'message "wip: a" is not in messages ["!wip*"]',
  ],
  [release({ tags: ['v2*'] }), releaseEvent(), 'tag "v1" is not in tags ["v2*"]'],
  [release({ prerelease: true }), releaseEvent(), 'it is no prerelease, and prerelease: true refuses that'],
  [status({ names: ['x'] }), statusEvent(), 'name "build" is not in names ["x"]'],
  [
    pullRequest(),
    pullRequestEvent({ commit: { sha, message: 'x [skip ci]' } }),
    'the commit message says "[skip ci]"; skippable: false would run all the same',
  ],
])('a filter says what it has refused: %j', (trigger, event, because) => {
  expect(of(trigger, event)).toMatchObject({ runs: false, because });
});

test('an automation that listens to other kinds of events says to which', () => {
  expect(match({ on: [tag(), push(), tag()] }, reviewEvent()).because).toBe('listens to tag, push, and this is review');
});

describe('a run that waits says so:', () => {
  const origin = 'the provider is asked whether its commit is of a fork before it begins';

  test('a status of which only the provider knows whether its commit is of a fork', () => {
    expect(of(status(), statusEvent({ checkSuite: '7' })).because).toContain(origin);
    expect(of(status({ forks: true }), statusEvent({ checkSuite: '7' })).because).not.toContain(origin);
    expect(of(status({ forks: false }), statusEvent({ checkSuite: '7' })).because).toContain(origin);
    expect(of(status(), statusEvent()).because).not.toContain(origin);
  });

  test('a pull request of a fork, also of one that was deleted', () => {
    const deleted = pullRequestEvent({}, { fork: true, head: { ref: 'x', sha } });
    expect(of(pullRequest({ forks: false }), deleted).because).toMatch(
      /; its head is in the fork \(deleted\): waits for approval$/,
    );
    expect(of(pullRequest({ forks: true }), deleted).because).not.toContain('approval');
  });
});

test('a status or deployment is a fork’s only where that is said', () => {
  expect(of(deployment({ forks: false }), deploymentEvent({ fork: true })).runs).toBe(false);
  expect([notFork({}, undefined), notFork({ fork: false }, undefined)]).toEqual([undefined, undefined]);
});

test('path filters are open only for events that do not say what has changed', () => {
  const paths = ['src/**'];
  const unknown = pushEvent({ changedFiles: undefined } as never);
  expect(openPaths(push({ paths }), unknown)).toEqual(paths);
  expect(openPaths(push(), unknown)).toBeUndefined();
  expect(openPaths(push({ paths }), pushEvent())).toBeUndefined();
  expect(openPaths(push({ paths }), pullRequestEvent())).toBeUndefined();
  expect(openPaths(pullRequest({ paths }), pullRequestEvent())).toEqual(paths);
  expect(openPaths(pullRequest({ paths }), unknown)).toBeUndefined();
});

test('a list that two filters share is refused in the words of each', () => {
  const list = ['x'];
  expect(inList('branch', 'a', 'branches', list)).toBe('branch "a" is not in branches ["x"]');
  expect(inList('tag', 'a', 'tags', list)).toBe('tag "a" is not in tags ["x"]');
  expect(inList('tag', 'a', 'branches', list)).toBe('tag "a" is not in branches ["x"]');
  expect(inList('tag', 'x', 'branches', list)).toBeUndefined();
});

test.each<[string, string, boolean]>([
  ['{a,c}/*', 'a/.b', true],
  ['{a,c}/**', 'a/x\ny', true],
  ['!!{a,b}', 'c', true],
  ['!!{a,b}', '!a', false],
  ['src/[id]/page.ts', 'src/[id]/page.ts', true],
  ['src/[id]/page.ts', 'src/i/page.ts', true],
  ['src/[id]/page.ts', 'lib/i/page.ts', false],
  ['*x/**', 'ax', true],
  ['x*/**', 'xa', false],
  ['x*/**', 'xa/b', true],
])('of the pattern %j, %j is included or not', (pattern, name, wanted) => {
  expect(included(name, [pattern])).toBe(wanted);
});

test('a name of 256 characters is short enough for any pattern', () => {
  expect(included('x'.repeat(256), ['{a,b}*'])).toBe(false);
  expect(included('x'.repeat(257), ['{a,b}*'])).toBe(true);
  expect(included('a'.repeat(256), ['{a,b}*'])).toBe(true);
});
