import { expect, test } from 'vitest';
import { type BodyBudget, createBodyBudget } from '../../../src/server/http/body-budget.js';

const KB = 1024;
const MAX = 1_000 * KB;

/** A body from a sender who is not known yet, with what became of it. */
function unverified(budget: BodyBudget, { peer = 'a', pace = Number.POSITIVE_INFINITY, bytes = 0 } = {}) {
  const share = budget.open();
  const body = { share, isGivenUp: false, freed: 0 };
  share.holds({
    free() {
      body.freed += 1;
    },
  });
  share.lend({
    peer,
    pace: () => pace,
    giveUp() {
      body.isGivenUp = true;
    },
  });
  if (bytes > 0) expect(share.take(bytes)).toBe(true);
  return body;
}

const ends = (...bodies: readonly { readonly isGivenUp: boolean }[]) => bodies.map(({ isGivenUp }) => isGivenUp);

test('bodies that hardly move make room for those that come, also of the same sender, the oldest first', () => {
  const budget = createBodyBudget(MAX);
  const stalled = Array.from({ length: 5 }, () => unverified(budget, { bytes: 200 * KB, pace: 0 }));
  const comes = unverified(budget);
  expect(comes.share.take(15 * KB)).toBe(true);
  expect(ends(...stalled)).toEqual([true, false, false, false, false]);
  expect(stalled[0]?.freed).toBe(1);
  // What was given up is not given back a second time.
  stalled[0]?.share.release();
  expect(stalled[0]?.freed).toBe(1);
  for (let room = 185; room >= 15; room -= 15) expect(unverified(budget).share.take(15 * KB)).toBe(true);
  expect(ends(...stalled)).toEqual([true, false, false, false, false]);
  expect(unverified(budget).share.take(15 * KB)).toBe(true);
  expect(ends(...stalled)).toEqual([true, true, false, false, false]);
});

test('of bodies that move, the sender who holds most makes room, with the slowest', () => {
  const budget = createBodyBudget(MAX);
  const few = unverified(budget, { peer: 'few', bytes: 100 * KB, pace: 50 * KB });
  const many = [90, 70, 80].map((pace) => unverified(budget, { peer: 'many', bytes: 250 * KB, pace: pace * KB }));
  const comes = unverified(budget, { peer: 'new' });
  expect(comes.share.take(200 * KB)).toBe(true);
  expect(ends(...many, few)).toEqual([false, true, false, false]);
});

test('the sender who holds most gets no room at the cost of others', () => {
  const budget = createBodyBudget(MAX);
  const few = unverified(budget, { peer: 'few', bytes: 100 * KB, pace: 90 * KB });
  const many = Array.from({ length: 4 }, () => unverified(budget, { peer: 'many', bytes: 200 * KB, pace: 99 * KB }));
  const more = unverified(budget, { peer: 'many', pace: 40 * KB });
  expect(more.share.take(100 * KB)).toBe(true);
  expect(more.share.take(150 * KB)).toBe(false);
  expect(ends(...many, few, more)).toEqual(Array(6).fill(false));
});

test('what is verified, or whole, is never taken back', () => {
  const budget = createBodyBudget(MAX);
  const verified = Array.from({ length: 3 }, () => budget.open());
  expect(verified.map((share) => share.take(240 * KB))).toEqual([true, true, true]);
  const whole = unverified(budget, { bytes: 240 * KB, pace: 0 });
  whole.share.keep();
  expect(unverified(budget).share.take(1 * KB)).toBe(true);
  expect(unverified(budget).share.take(240 * KB)).toBe(false);
  expect(whole.isGivenUp).toBe(false);
  whole.share.release();
  expect(unverified(budget).share.take(240 * KB)).toBe(true);
});

test('what is verified gets the room of what is not', () => {
  const budget = createBodyBudget(MAX);
  const bodies = Array.from({ length: 5 }, (_, n) => unverified(budget, { peer: `${n}`, bytes: 200 * KB }));
  expect(budget.open().take(600 * KB)).toBe(true);
  expect(ends(...bodies)).toEqual([true, true, true, false, false]);
});

test('a body that is larger than the budget takes nobody else’s room', () => {
  const budget = createBodyBudget(MAX);
  const small = unverified(budget, { bytes: 10 * KB, pace: 0 });
  expect(budget.open().take(MAX + 1)).toBe(false);
  expect(small.isGivenUp).toBe(false);
});

test('huge bodies make room for huge ones, and not small ones for them', () => {
  const budget = createBodyBudget(MAX);
  const small = Array.from({ length: 2 }, () => unverified(budget, { bytes: 100 * KB, pace: 0 }));
  const huge = unverified(budget, { bytes: 700 * KB, pace: 0 });
  expect(unverified(budget).share.take(400 * KB)).toBe(true);
  expect(ends(huge, ...small)).toEqual([true, false, false]);
});
