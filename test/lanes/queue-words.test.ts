import { expect, test } from 'vitest';
import { queueWords } from '../../src/lanes/queue-words.js';

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
