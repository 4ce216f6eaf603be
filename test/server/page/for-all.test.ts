import { EventEmitter } from 'node:events';
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

test('one stranger who follows many logs leaves room for others, until the connections end', async () => {
  const forAll = create();
  const connections: EventEmitter[] = [];
  const follow = (peer: string) => {
    const connection = Object.assign(new EventEmitter(), { destroyed: false });
    connections.push(connection);
    const ended = forAll.follow(peer, connection as never, async () => undefined);
    return ended.then(
      () => 'ended',
      ({ status }) => status,
    );
  };
  const closeAll = () => {
    for (const connection of connections.splice(0)) connection.emit('close');
  };
  const all = Array.from({ length: 64 }, () => follow('stranger'));
  const visitor = follow('visitor');
  closeAll();
  const statuses = await Promise.all(all);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(32);
  expect(await visitor).toBe('ended');
  const again = follow('stranger');
  closeAll();
  expect(await again).toBe('ended');
  // Who has gone by then is not waited for.
  const begin = () => Promise.reject(new Error('begun'));
  await forAll.follow('stranger', { destroyed: true } as never, begin);
});

test('a log that can not be followed takes no room', async () => {
  const forAll = create();
  const none = Object.assign(new Error('none'), { status: 404 });
  for (let n = 0; n < 100; n += 1)
    await expect(forAll.follow('stranger', new EventEmitter() as never, () => Promise.reject(none))).rejects.toBe(none);
});
