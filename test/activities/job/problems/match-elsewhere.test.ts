import { afterEach, expect, test } from 'vitest';
import {
  createElsewhereMatcher,
  type ElsewhereMatcher,
  type MatchLimits,
} from '../../../../src/activities/job/problems/match-elsewhere.js';
import { checkedMatchers } from '../../../../src/activities/job/problems/matcher.js';

const PLAIN = { owner: 'plain', pattern: [{ regexp: '^(\\S+) line (\\d+) (.*)$', file: 1, line: 2, message: 3 }] };
/** Takes longer than the universe is old for a line of a's. */
const SLOW = { owner: 'slow', pattern: [{ regexp: '^(a+)+$', file: 1, message: 1 }] };

const open: ElsewhereMatcher[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.end();
});

const LIMITS = { stuckMs: 1_000, wholeMs: 60_000, afterMs: 60_000, memoryMb: 64 };

function matcher(...given: unknown[]) {
  return limited({}, ...given);
}

function limited(limits: Partial<MatchLimits>, ...given: unknown[]) {
  const notes: string[] = [];
  const elsewhere = createElsewhereMatcher((note) => notes.push(note), { ...LIMITS, ...limits });
  open.push(elsewhere);
  elsewhere.add(checkedMatchers(given));
  return { elsewhere, notes };
}

test('matchers find what they match, each line once', async () => {
  const { elsewhere, notes } = matcher(PLAIN, { ...PLAIN, owner: 'again' });
  expect(await elsewhere.match(['nothing', 'a.c line 3 broken'])).toEqual([
    { index: 1, match: { owner: 'plain', severity: 'error', file: 'a.c', line: 3, message: 'broken' } },
  ]);
  expect(notes).toEqual([]);
});

test('an expression that takes for ever is left out, says so, and the others go on', async () => {
  const { elsewhere, notes } = matcher(PLAIN, SLOW);
  expect(await elsewhere.match([`${'a'.repeat(60)}!`])).toEqual([]);
  expect(notes).toEqual(['problem matcher slow takes too long for a line: it is left out from here on']);
  expect(await elsewhere.match(['a.c line 3 broken', `${'a'.repeat(60)}!`])).toMatchObject([{ index: 0 }]);
  expect(notes).toHaveLength(1);
});

test('a matcher takes the place of one with the same owner, and can be removed', async () => {
  const { elsewhere } = matcher(PLAIN);
  elsewhere.add(checkedMatchers([{ ...PLAIN, severity: 'notice' }]));
  expect((await elsewhere.match(['a.c line 3 broken']))[0]?.match.severity).toBe('notice');
  elsewhere.remove('plain');
  expect(await elsewhere.match(['a.c line 3 broken'])).toEqual([]);
});

const LEFT_OUT = ['problem matchers take too long: from here on these are left out: plain, slow'];

test('matchers have a time together, though none of them takes too long for a line', async () => {
  const { elsewhere, notes } = limited({ stuckMs: 60_000, wholeMs: 1_000 }, PLAIN, SLOW);
  expect(await elsewhere.match([`${'a'.repeat(60)}!`])).toEqual([]);
  elsewhere.add(checkedMatchers([PLAIN]));
  expect(await elsewhere.match(['a.c line 3 broken'])).toEqual([]);
  expect(notes).toEqual(LEFT_OUT);
});

test('once the step has ended what is left has a short time, or until the job is stopped', async () => {
  for (const end of ['late', 'stopped']) {
    const { elsewhere, notes } = limited({ stuckMs: 60_000, afterMs: end === 'late' ? 500 : 60_000 }, PLAIN, SLOW);
    const stop = new AbortController();
    const matching = elsewhere.match([`${'a'.repeat(60)}!`]);
    elsewhere.hurry(stop.signal);
    if (end === 'stopped') stop.abort();
    expect(await matching).toEqual([]);
    expect(notes).toEqual(LEFT_OUT);
  }
});
