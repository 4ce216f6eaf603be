import { expect, test } from 'vitest';
import { placeWords, queueWords, waitWords } from '../../src/lanes/queue-words.js';

const lane = 'deploy acme/app main';

test.each([
  [{ place: 1, after: 'deploy/github/1' }, 'queued: 1st, after run deploy/github/1 of deploy acme/app main'],
  [{ place: 2, after: 'x' }, 'queued: 2nd, after run x of deploy acme/app main'],
  [{ place: 3, after: 'x' }, 'queued: 3rd, after run x of deploy acme/app main'],
  [{ place: 4, after: 'x' }, 'queued: 4th, after run x of deploy acme/app main'],
  [{ place: 10, after: 'x' }, 'queued: 10th, after run x of deploy acme/app main'],
  [{ place: 1 }, 'queued: 1st of deploy acme/app main'],
  [
    { place: 7, after: 'x', paused: { by: 'ada', reason: 'no deploys until Monday' } },
    'paused: no deploys until Monday',
  ],
  [{ place: 7, after: 'x', paused: { by: 'ada' } }, 'paused: by ada'],
])('%j is told as %s', (waiting, words) => {
  expect(queueWords(waiting, lane)).toBe(words);
});

test('all that have more than ten before them are told the same, which so does not change at every step', () => {
  expect(queueWords({ place: 11, after: 'x' }, lane)).toBe('queued: over 10 before it');
  expect(queueWords({ place: 100, after: 'y' }, lane)).toBe('queued: over 10 before it');
});

test.each([
  [{}, 'waits in its lane'],
  [{ place: 2 }, 'waits in its lane, place 2'],
  [{ place: 1, after: 'x' }, 'waits in its lane, place 1, after x'],
  [
    { place: 1, after: 'x', paused: { by: 'ada', reason: 'a freeze' } },
    'waits in its lane, place 1, which ada has paused: a freeze',
  ],
  [{ place: 1, paused: {} }, 'waits in its lane, place 1, which an operator has paused'],
])('%j is told as %s to who asks', (waiting, words) => {
  expect(placeWords(waiting)).toBe(words);
  expect(waitWords(waiting)).toBe(words);
  expect(placeWords(waiting, lane)).toBe(words.replace('its lane', `the lane ${lane}`));
});

test('a run that waits for more of the same says until when', () => {
  expect(waitWords({ until: Date.parse('2026-11-26T10:00:00Z') })).toBe(
    'waits until 2026-11-26T10:00:00.000Z for more of the same, which takes its place',
  );
});
