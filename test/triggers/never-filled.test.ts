import { expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { laneClaim } from '../../src/lanes/claim.js';
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
import { whyNeverFilled } from '../../src/triggers/never-filled.js';
import type { Trigger } from '../../src/triggers/trigger.js';
import {
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

test.each<[string, readonly Trigger[], string]>([
  ['branch', [tag()], 'tag() has no branch and no pull request'],
  [
    'branch',
    [release(), deployment(), generic()],
    'release(), deployment(), generic() have no branch and no pull request',
  ],
  ['pull-request', [push(), push(), mergeGroup(), status()], 'push(), mergeGroup(), status() have no pull request'],
  ['pull-request', [comment({ on: ['issue', 'commit'] })], 'comment() has no pull request'],
  ['repository', [cron('0 3 * * *'), manual()], 'cron(), manual() have no repository'],
  ['{pullRequest.number}', [tag(), review()], 'tag(), review() have no {pullRequest.number}'],
  ['deploy {branch}', [pullRequest()], 'pullRequest() has no {branch}'],
  ['{tag} {branch}', [push(), tag()], 'push() has no {tag}, and tag() has no {branch}'],
  ['{inputs.traget}', [manual({ inputs: { target: 'string' } })], 'manual() has no {inputs.traget}'],
])('the group %s of %j is never filled', (group, on, because) => {
  expect(whyNeverFilled(group, on)).toBe(`is never filled, since ${because}`);
});

test.each<[string, readonly Trigger[]]>([
  ['production', [cron('0 3 * * *')]],
  ['branch', [tag(), push()]],
  ['branch', [pullRequest()]],
  ['pull-request', [comment()]],
  ['pull-request', [comment({ commands: ['deploy'] })]],
  ['pull-request', [comment({ on: ['issue', 'pull_request'] })]],
  ['{pullRequest.head.ref}', [completed('ci')]],
  ['repository', [completed('ci'), cron('0 3 * * *')]],
  ['{data.order.id}', [generic()]],
  ['{inputs.target}', [manual({ inputs: { target: 'string' } })]],
])('the group %s of %j may be filled', (group, on) => {
  expect(whyNeverFilled(group, on)).toBeUndefined();
});

const { pullRequest: pull } = pullRequestEvent();
const EVENTS: readonly (readonly [Trigger, HookyardEvent])[] = [
  [push(), pushEvent({ pushedAt: 'x', mergeQueue: true, refsLeftOut: 1 })],
  [tag(), tagEvent({ unpeeled: true })],
  [pullRequest(), pullRequestEvent({ baseChanged: true }, { labels: ['a'], stack: { base: pull.base, number: 1 } })],
  [mergeGroup(), mergeGroupEvent({ reason: 'merged' })],
  [comment(), commentEvent({ commands: [{ name: 'a', args: ['b'] }], commit: { sha: 'x' } })],
  [review(), reviewEvent({ open: true, body: 'x', commit: { sha: 'x' } })],
  [release(), releaseEvent({ name: 'x', url: 'x' })],
  [deployment(), deploymentEvent({ ref: 'x', url: 'x', fork: true, commit: { sha: 'x' } })],
  [status(), statusEvent({ branches: ['a'], url: 'x', checkSuite: '1' })],
  [generic(), genericEvent({ id: 'x', data: { order: { id: 1 } } })],
  [cron('0 3 * * *'), scheduleEvent()],
  [manual({ inputs: { target: 'string' } }), { ...manualEvent(), inputs: { target: 'staging' } }],
];

test.each(EVENTS)('no group that an event of %j fills is said never to be', (trigger, event) => {
  const groups = ['pull-request', 'branch', 'repository', ...pathsOf(event).map((path) => `{${path}}`)];
  const filled = groups.filter((group) => laneClaim([{ group }], { automation: 'a', event, asks: { origin: true } }));
  expect(filled.length).toBeGreaterThan(3);
  expect(filled.filter((group) => whyNeverFilled(group, [trigger]) !== undefined)).toEqual([]);
});

function pathsOf(value: object): string[] {
  return Object.entries(value).flatMap(([name, held]) =>
    typeof held === 'object' && held !== null ? pathsOf(held).map((below) => `${name}.${below}`) : [name],
  );
}
