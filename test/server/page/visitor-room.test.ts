import { expect, test } from 'vitest';
import { createVisitorRoom } from '../../../src/server/page/visitor-room.js';

test('one visitor is answered so much at a time, which takes nothing from others', async () => {
  const within = createVisitorRoom();
  const ends: (() => void)[] = [];
  const slow = () => new Promise<void>((resolve) => ends.push(resolve));
  const all = Array.from({ length: 24 }, () => within('anna', slow));
  await expect(within('anna', slow)).rejects.toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
  expect(await within('ben', async () => 'seen')).toBe('seen');
  for (const end of ends) end();
  await Promise.all(all);
  expect(await within('anna', async () => 'seen')).toBe('seen');
  await expect(within('anna', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
