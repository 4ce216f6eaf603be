import { expect, test } from 'vitest';
import { pullRequest } from '../../src/triggers/index.js';
import { aboutOf } from '../../src/waits/about.js';
import { nextFor } from '../../src/waits/next-for.js';
import { aComment, aPullRequest } from './an-event.js';

const at = (second: number) => Date.UTC(2026, 0, 2, 3, 4, second);
const closed = (changed?: number) =>
  aPullRequest({ action: 'closed' }, changed === undefined ? {} : { updatedAt: new Date(at(changed)).toISOString() });
const state = { changedAt: at(10), receivedAt: at(20) };
const isNext = (event: ReturnType<typeof closed>, receivedAt: number) =>
  nextFor(
    {
      on: [pullRequest({ actions: ['closed'] })],
      about: aboutOf(aPullRequest()),
      until: at(59),
      seen: 0,
      newerThan: state,
    },
    [{ seq: 1, receivedAt, events: [aComment(), event] }],
    () => false,
  ) !== undefined;

test('a newer state of a pull request counts, also where it was received before, and an older one never does', () => {
  expect(isNext(closed(11), at(15))).toBe(true);
  expect(isNext(closed(9), at(30))).toBe(false);
});

test('of states that are as new, and where it is not told, what was received later counts', () => {
  expect(isNext(closed(10), at(15))).toBe(false);
  expect(isNext(closed(10), at(21))).toBe(true);
  expect(isNext(closed(), at(15))).toBe(false);
  expect(isNext(closed(), at(21))).toBe(true);
});

test('an author who is not told is asked for, by those alone whom nothing else keeps out', () => {
  const untold = aPullRequest({ action: 'closed' }, { author: undefined } as never);
  const asksOf = (trigger: ReturnType<typeof pullRequest>, event = untold) =>
    nextFor(
      { on: [trigger], about: aboutOf(aPullRequest()), until: at(59), seen: 0 },
      [{ seq: 1, receivedAt: at(1), events: [event] }],
      () => false,
    )?.asks;
  const actions = ['closed'] as const;
  expect(asksOf(pullRequest({ actions, authors: ['renovate'] }))).toMatchObject({ author: { lists: [['renovate']] } });
  expect(asksOf(pullRequest({ actions, authors: ['!renovate'] }))).not.toHaveProperty('author');
  expect(asksOf(pullRequest({ actions, authors: ['renovate'], titles: ['x'] }))).toBeUndefined();
  const forks = aPullRequest({ action: 'closed' }, { author: undefined, fork: true } as never);
  expect(asksOf(pullRequest({ actions, authors: ['renovate'] }), forks)).toBeUndefined();
  const told = aPullRequest({ action: 'closed' }, { author: 'eve' });
  expect(asksOf(pullRequest({ actions, authors: ['renovate'] }), told)).toBeUndefined();
});
