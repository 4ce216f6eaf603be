import { expect, test } from 'vitest';
import type { DispatchFailure } from '../../src/dispatch/failure.js';
import { createPoisonDetector, type Diagnosis } from '../../src/dispatch/poison-detector.js';

const MINUTE = 60_000;
const internal: DispatchFailure = { kind: 'engine', code: 'INTERNAL', error: 'INTERNAL: of this one' };
const unavailable: DispatchFailure = { kind: 'engine', code: 'UNAVAILABLE', error: 'UNAVAILABLE: of this one' };
const odd: DispatchFailure = { kind: 'odd', error: 'nobody thought of it' };

/** Fails the same one once a minute until it is given up; answers how often, and what was said before. */
function failAgainAndAgain(
  failure: DispatchFailure,
  { others, most }: { others: boolean; most: number },
): { tries: number; said: Diagnosis['cause'][] } {
  const detector = createPoisonDetector();
  const said: Diagnosis['cause'][] = [];
  for (let tries = 1; tries <= most; tries += 1) {
    const { cause } = detector.failed('poison', failure, tries * MINUTE);
    said.push(cause);
    if (cause === 'poison') return { tries, said };
    if (others) detector.accepted(`another ${tries}`);
  }
  return { tries: Number.POSITIVE_INFINITY, said };
}

test('what fails while others are accepted is given up after ten tries of its own', () => {
  const { tries, said } = failAgainAndAgain(internal, { others: true, most: 100 });
  expect(tries).toBe(10);
  expect(said.slice(0, 2)).toEqual(['server', 'server']);
  expect(said.slice(2, -1).every((cause) => cause === 'self')).toBe(true);
});

test('what fails is never given up while Temporal accepts none, however long that is', () => {
  const { tries, said } = failAgainAndAgain(internal, { others: false, most: 10_000 });
  expect(tries).toBe(Number.POSITIVE_INFINITY);
  expect(new Set(said)).toEqual(new Set(['server']));
});

test('ten tries within a few minutes are not enough', () => {
  const detector = createPoisonDetector();
  for (let now = 0; now < 5 * MINUTE; now += 10_000) {
    expect(detector.failed('one', internal, now).cause).not.toBe('poison');
    detector.accepted('another');
  }
  expect(detector.failed('one', internal, 6 * MINUTE).cause).toBe('poison');
});

test('a transient error is tried again for an hour: a part of Temporal may be away', () => {
  const { tries } = failAgainAndAgain(unavailable, { others: true, most: 100 });
  expect(tries).toBe(62);
});

test('what nobody foresaw is given up after ten tries, whatever became of others', () => {
  expect(failAgainAndAgain(odd, { others: false, most: 100 }).tries).toBe(10);
});

test('what was accepted in the end, or given up, is counted anew', () => {
  const detector = createPoisonDetector({ tries: 2 });
  for (const end of [() => detector.accepted('one'), () => detector.forget('one')]) {
    detector.failed('one', odd, 0);
    end();
    expect(detector.failed('one', odd, 0)).toEqual({ cause: 'self', tries: 1 });
    detector.forget('one');
  }
});

test('thousands that fail are not all kept in mind: the count of the oldest begins anew', () => {
  const detector = createPoisonDetector();
  for (let i = 0; i < 20_001; i += 1) detector.failed(`one ${i}`, odd, 0);
  expect(detector.failed('one 0', odd, 0).tries).toBe(1);
  expect(detector.failed('one 20000', odd, 0).tries).toBe(2);
});
