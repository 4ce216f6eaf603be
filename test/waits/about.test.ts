import { expect, test } from 'vitest';
import type {
  DeploymentEvent,
  GenericEvent,
  ReleaseEvent,
  ReviewEvent,
  ScheduleEvent,
  StatusEvent,
} from '../../src/events/event.js';
import { aboutOf, isAbout, placeOf } from '../../src/waits/about.js';
import { aComment, anEvent, aPullRequest, aPush } from './an-event.js';

const review = (number: number) =>
  anEvent<ReviewEvent>({ kind: 'review', action: 'approved', number, title: 'x', url: 'x', reviewer: 'bob' });
const status = (changes: Partial<StatusEvent>) =>
  anEvent<StatusEvent>({ kind: 'status', state: 'success', name: 'ci', commit: { sha: 'c' }, ...changes });
const deployment = (changes: Partial<DeploymentEvent>) =>
  anEvent<DeploymentEvent>({ kind: 'deployment', action: 'success', id: '1', environment: 'x', ...changes });
const release = anEvent<ReleaseEvent>({
  ...{ kind: 'release', action: 'published', tag: 'v1', draft: false, prerelease: false },
});

test('an event is about its pull request or issue, else about its branch, else about its repository', () => {
  expect(aboutOf(aPullRequest())).toEqual({ kind: 'pull-request', number: 7, branch: 'feature' });
  expect(aboutOf(aPullRequest({}, { fork: true }))).toEqual({ kind: 'pull-request', number: 7 });
  expect(aboutOf(aComment())).toEqual({ kind: 'pull-request', number: 7 });
  expect(aboutOf(review(7))).toEqual({ kind: 'pull-request', number: 7 });
  expect(aboutOf(aComment({ on: 'issue' }))).toEqual({ kind: 'issue', number: 7 });
  expect(aboutOf(aPush('main'))).toEqual({ kind: 'branch', branch: 'main' });
  expect(aboutOf(status({ branch: 'main' }))).toEqual({ kind: 'branch', branch: 'main' });
  expect(aboutOf(status({ branch: 'main', fork: true }))).toEqual({ kind: 'repository' });
  expect(aboutOf(release)).toEqual({ kind: 'repository' });
  expect(aboutOf(deployment({ ref: 'main' }))).toEqual({ kind: 'repository' });
});

test('comments, reviews and changes of the same pull request are about it, and those of another are not', () => {
  const about = aboutOf(aPullRequest());
  for (const event of [aComment(), review(7), aPullRequest({ action: 'closed' })])
    expect(isAbout(event, about)).toBe(true);
  for (const event of [aComment({ number: 8 }), review(8), aPullRequest({}, { number: 8 })])
    expect(isAbout(event, about)).toBe(false);
  expect(isAbout(aComment({ on: 'issue' }), about)).toBe(false);
});

test('pushes, statuses and deployments belong to a pull request by its head branch, unless one of them is of a fork', () => {
  const about = aboutOf(aPullRequest());
  const yes = [aPush('feature'), status({ branch: 'feature' }), status({ branches: ['main', 'feature'] })];
  for (const event of [...yes, deployment({ ref: 'feature' }), deployment({ ref: 'refs/heads/feature' })])
    expect(isAbout(event, about)).toBe(true);
  for (const event of [aPush('main'), status({}), status({ branch: 'feature', fork: true }), deployment({})])
    expect(isAbout(event, about)).toBe(false);
  expect(isAbout(aPush('feature'), aboutOf(aPullRequest({}, { fork: true })))).toBe(false);
});

test('a pull request is about its head branch, where that is one of the repository', () => {
  const about = aboutOf(aPush('feature'));
  expect(isAbout(aPullRequest(), about)).toBe(true);
  expect(isAbout(aPullRequest({}, { fork: true }), about)).toBe(false);
  expect(isAbout(aPush('feature'), about)).toBe(true);
  expect(isAbout(aPush('main'), about)).toBe(false);
  expect(isAbout(aComment(), about)).toBe(false);
});

test('tags and releases are of no branch: the repository is enough', () => {
  for (const of of [aPush(), aPullRequest(), aComment({ on: 'issue' })])
    expect(isAbout(release, aboutOf(of))).toBe(true);
});

test('a field compares as text, and an event that lacks it is not meant', () => {
  const order = (id?: number) =>
    ({ ...anEvent<GenericEvent>({ kind: 'generic', type: 'order', data: { order: { id } } }) }) as GenericEvent;
  const about = { kind: 'field', path: 'data.order.id', value: '12' } as const;
  expect(isAbout(order(12), about)).toBe(true);
  expect(isAbout(order(13), about)).toBe(false);
  expect(isAbout(order(), about)).toBe(false);
  expect(isAbout(release, about)).toBe(false);
});

test('a place is a repository by its id, or a source; a schedule has none', () => {
  expect(placeOf(aPush())).toEqual({ source: 'hub', repository: '1' });
  expect(placeOf({ ...anEvent<GenericEvent>({ kind: 'generic', type: 'x' }) })).toEqual({
    source: 'hub',
    repository: '',
  });
  const schedule: ScheduleEvent = {
    ...{ kind: 'schedule', source: 'schedule', provider: 'hookyard', deliveryId: 'x', receivedAt: 'x' },
    ...{ cron: '* * * * *', scheduledAt: 'x' },
  };
  expect(placeOf(schedule)).toBeUndefined();
});
