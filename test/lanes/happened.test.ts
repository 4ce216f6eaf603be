import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Arrival, type Happened, happenedOf, isOlder } from '../../src/lanes/happened.js';
import { pullRequestEvent, pushEvent, scheduleEvent, tagEvent } from '../triggers/sample-events.js';

const receivedAt = '2026-11-24T08:00:00.000Z';
const ago = (seconds: number) => new Date(Date.parse(receivedAt) - seconds * 1_000).toISOString();

describe('what an event tells of when it happened', () => {
  test('is the time of a push, of a tag, and of the last change of a pull request', () => {
    const at = Date.parse(ago(5));
    expect(happenedOf(pushEvent({ receivedAt, pushedAt: ago(5) }))).toMatchObject({ at });
    expect(happenedOf(tagEvent({ receivedAt, pushedAt: ago(5) }))).toEqual({ at });
    expect(happenedOf(pullRequestEvent({ receivedAt }, { updatedAt: ago(5) }))).toEqual({ at });
  });

  test('is late where it was told of long after', () => {
    expect(happenedOf(tagEvent({ receivedAt, pushedAt: ago(3_600) }))).toMatchObject({ late: true });
    expect(happenedOf(tagEvent({ receivedAt, pushedAt: ago(-3_600) }))).not.toHaveProperty('late');
  });

  test('is of a push also where the branch came from and went to', () => {
    const { branch, before, commit } = pushEvent();
    expect(happenedOf(pushEvent())).toEqual({ from: `${branch} ${before}`, to: `${branch} ${commit.sha}` });
  });

  test('is nothing where it does not say', () => {
    const { before: _, ...created } = pushEvent({ created: true });
    for (const event of [created, pullRequestEvent({}, { updatedAt: 'yesterday' }), scheduleEvent(), tagEvent()])
      expect(happenedOf(event)).toBeUndefined();
  });
});

describe('of two that arrive one after the other, the older is', () => {
  const isSecondOlder = (first: Happened | undefined, second: Happened | undefined) =>
    isOlder({ arrived: 2, happened: second }, { arrived: 1, happened: first });

  test.each<[string, Happened | undefined, Happened | undefined, boolean]>([
    ['the first, where nobody says anything', undefined, undefined, false],
    ['the second, which was told late', { at: 2 }, { at: 1, late: true }, true],
    [
      'the first, where the second was told late too, but is newer',
      { at: 1, late: true },
      { at: 2, late: true },
      false,
    ],
    ['the second of two that were told late', { at: 2, late: true }, { at: 1, late: true }, true],
    ['the first, where both were told at once: their order may be that of arrival', { at: 2 }, { at: 1 }, false],
    ['the first, where one does not say', undefined, { at: 1, late: true }, false],
    ['the second, where the first begins at its end', { from: 'b', to: 'c' }, { from: 'a', to: 'b' }, true],
    ['the first, where the second begins at its end', { from: 'a', to: 'b' }, { from: 'b', to: 'c' }, false],
    ['the first, where a branch went back and forth', { from: 'b', to: 'a' }, { from: 'a', to: 'b' }, false],
    [
      'the first, whatever the commits, where the times say so',
      { at: 1, from: 'b', to: 'c' },
      { at: 2, from: 'a', to: 'b' },
      false,
    ],
  ])('%s', (_, first, second, expected) => {
    expect(isSecondOlder(first, second)).toBe(expected);
  });

  test('the first, where another branch begins at the end of the second', () => {
    const { commit } = pushEvent();
    const first = happenedOf(pushEvent({ branch: 'next', before: commit.sha, commit: { sha: '2'.repeat(40) } }));
    expect(isSecondOlder(first, happenedOf(pushEvent()))).toBe(false);
    expect(
      isSecondOlder(
        happenedOf(pushEvent({ before: commit.sha, commit: { sha: '2'.repeat(40) } })),
        happenedOf(pushEvent()),
      ),
    ).toBe(true);
  });

  test('always exactly one of them', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const happened = fc.option(
      fc.record(
        { at: fc.integer({ min: 1, max: 4 }), late: fc.constant(true as const), from: name, to: name },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    );
    fc.assert(
      fc.property(happened, happened, (one, other) => {
        const first: Arrival = { arrived: 1, happened: one };
        const second: Arrival = { arrived: 2, happened: other };
        return isOlder(first, second) !== isOlder(second, first);
      }),
    );
  });
});
