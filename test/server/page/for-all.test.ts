import { expect, test } from 'vitest';
import { createForAll } from '../../../src/server/page/for-all.js';

const create = () => createForAll({ any: true, has: async (run) => run === 'open' });
const refused = { status: 429, headers: { 'retry-after': '2' } };

/** Returns how often Temporal may be asked for a peer before it is refused. */
function asksOf(forAll: ReturnType<typeof create>, peer: string, most: number): number {
  for (let asks = 0; asks < most; asks += 1) {
    try {
      forAll.mayAsk(peer);
    } catch (error) {
      expect(error).toMatchObject(refused);
      return asks;
    }
  }
  return most;
}

test('one stranger has Temporal asked at a pace, which takes nothing from others', () => {
  const forAll = create();
  expect(asksOf(forAll, 'stranger', 1_000)).toBeLessThan(100);
  // What is refused is taken from nobody.
  expect(asksOf(forAll, 'stranger', 1_000)).toBeLessThan(10);
  expect(asksOf(forAll, 'visitor', 20)).toBe(20);
});

test('many strangers together have it asked at a pace, too', () => {
  const forAll = create();
  const asks = Array.from({ length: 100 }, (_, n) => asksOf(forAll, `stranger ${n}`, 20));
  expect(asks.reduce((sum, one) => sum + one)).toBeLessThan(500);
});

test('one stranger whose answers take long leaves room for others', async () => {
  const forAll = create();
  const ends: (() => void)[] = [];
  const slow = () => new Promise<void>((resolve) => ends.push(resolve));
  const all = Array.from({ length: 20 }, () => forAll.read('stranger', slow).catch(({ status }) => status));
  await expect(forAll.mustBePublic('stranger', 'open')).rejects.toMatchObject(refused);
  await expect(forAll.mustBePublic('visitor', 'open')).resolves.toBeUndefined();
  expect(await forAll.read('visitor', async () => 'seen')).toBe('seen');
  for (const end of ends) end();
  expect((await Promise.all(all)).filter((status) => status === 429).length).toBeGreaterThan(0);
  await expect(forAll.mustBePublic('stranger', 'closed')).rejects.toMatchObject({ status: 401 });
});
