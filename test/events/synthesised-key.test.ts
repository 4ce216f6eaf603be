import { expect, test } from 'vitest';
import {
  isSynthesised,
  isSynthesisedFor,
  senderKey,
  sweepAgainKey,
  synthesisedKey,
} from '../../src/events/synthesised-key.js';
import { pullRequestEvent, pushEvent, releaseEvent, tagEvent } from '../triggers/sample-events.js';

const sha = 'a'.repeat(40);

/** Keys are stored and name runs: another key for the same state would start it a second time. */
test.each([
  ['a push', pushEvent({ branch: 'feature/x', commit: { sha } }), `sweep/acme/shop/feature/x@${sha}`],
  ['a pull request', pullRequestEvent({ commit: { sha } }, { number: 7 }), `sweep/acme/shop/pull:7@${sha}`],
  ['a tag', tagEvent({ tag: 'v1', commit: { sha } }), `sweep/acme/shop/tag:v1@${sha}`],
  ['a release', releaseEvent({ tag: 'v1' }), 'sweep/acme/shop/release:v1'],
])('the key of a delivery that is made of %s stays what it is', (_, event, key) => {
  expect(synthesisedKey(event)).toBe(key);
  expect(sweepAgainKey(key, 1_700_000_000_000)).toBe(`${key}-again-1700000000000`);
});

test('a delivery was made of a state the first time or again, and not of one whose key only begins like it', () => {
  const key = synthesisedKey(pushEvent({ commit: { sha } }));
  for (const same of [key, sweepAgainKey(key, 5)]) expect(isSynthesisedFor({ key: same }, key)).toBe(true);
  for (const other of [`${key}0`, `${key}-again`, key.slice(1), `%${key}`, `x${sweepAgainKey(key, 5)}`])
    expect(isSynthesisedFor({ key: other }, key), other).toBe(false);
});

test.each([
  ['sweep/a/b/main@c0ffee', '%sweep/a/b/main@c0ffee'],
  ['%sweep/a', '%%sweep/a'],
  ['%%sweep/', '%%%sweep/'],
  ['sweep', 'sweep'],
  ['a/sweep/b', 'a/sweep/b'],
  ['%a', '%a'],
  ['a%sweep/', 'a%sweep/'],
])('a sender’s key %s is kept as %s, which nothing that is made here is called', (key, kept) => {
  expect(senderKey(key)).toBe(kept);
  expect(isSynthesised({ key: kept })).toBe(false);
});
