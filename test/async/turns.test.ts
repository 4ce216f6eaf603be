import { expect, test } from 'vitest';
import { createTurns } from '../../src/async/turns.js';

/** Work that goes on until it is told to end. */
function work(name: string, begun: string[]) {
  let end: (how: 'well' | 'badly') => void = () => undefined;
  const over = new Promise<string>((resolve, reject) => {
    end = (how) => (how === 'well' ? resolve(name) : reject(new Error(name)));
  });
  const run = () => {
    begun.push(name);
    return over;
  };
  return { run, end };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('so much is done at a time, and the rest in the order in which it came', async () => {
  const inTurn = createTurns({ atOnce: 2, waiting: 2, waitMs: 60_000, error: () => new Error('too much') });
  const begun: string[] = [];
  const all = ['a', 'b', 'c', 'd'].map((name) => work(name, begun));
  const results = all.map(({ run }) => inTurn(run));
  await settled();
  expect(begun).toEqual(['a', 'b']);
  await expect(inTurn(async () => 'one too many')).rejects.toThrow('too much');
  all[1]?.end('badly');
  await expect(results[1]).rejects.toThrow('b');
  await settled();
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const one of all) one.end('well');
  expect(await Promise.all([results[0], results[2], results[3]])).toEqual(['a', 'c', 'd']);
  expect(await Promise.all([inTurn(async () => 'e'), inTurn(async () => 'f')])).toEqual(['e', 'f']);
});

test('who has waited for too long is told so, and their work never begins', async () => {
  const inTurn = createTurns({ atOnce: 1, waiting: 5, waitMs: 1, error: () => new Error('too long') });
  const begun: string[] = [];
  const [first, second, third] = ['a', 'b', 'c'].map((name) => work(name, begun));
  if (!first || !second || !third) throw new Error('there are three');
  const one = inTurn(first.run);
  await expect(inTurn(second.run)).rejects.toThrow('too long');
  first.end('well');
  await one;
  third.end('well');
  expect(await inTurn(third.run)).toBe('c');
  expect(begun).toEqual(['a', 'c']);
});
