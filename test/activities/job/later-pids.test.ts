import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { laterThan, pidsNow } from '../../../src/activities/job/later-pids.js';

test('a process that has begun later is known as one, and the one before is none', async () => {
  const pids = pidsNow();
  const begin = async () => {
    const child = spawn('true');
    await once(child, 'exit');
    return child.pid ?? 0;
  };
  const first = await begin();
  const later = [await begin(), await begin()];
  const isLater = laterThan({ pid: first, pids }, pidsNow());
  expect(later.map((pid) => isLater?.(pid))).toEqual([true, true]);
  expect(isLater?.(first - 1)).toBe(false);
});

test('whatever the first number is, those given after it are later, also behind the largest', () => {
  const most = 32_768;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: most - 1 }), fc.integer({ min: 0, max: most / 4 }), (first, given) => {
      const pid = first + given < most ? first + given : 300 + ((first + given) % most);
      const isLater = laterThan(
        { pid: first, pids: { given: 7, inUse: 9, most, last: first - 1 } },
        { given: 7 + given, inUse: 9, most, last: pid },
      );
      expect(isLater?.(pid)).toBe(true);
      expect(isLater?.(first)).toBe(true);
    }),
  );
});

test('where too many numbers were given since, or nobody knows how many, none is told from the others', () => {
  const now = { given: 20_000, inUse: 9, most: 32_768, last: 20_005 };
  expect(laterThan({ pid: 5, pids: { given: 1, inUse: 9, most: 32_768, last: 5 } }, now)).toBeUndefined();
  expect(laterThan({ pid: 5, pids: undefined }, now)).toBeUndefined();
  expect(laterThan({ pid: 5, pids: now }, undefined)).toBeUndefined();
});

test('where numbers were used up that nobody has counted, as a limit of processes has it, none is told from the others', () => {
  const before = { given: 1_000, inUse: 9, most: 4_194_304, last: 5_000 };
  const now = { ...before, given: 1_010 };
  const first = { pid: 5_001, pids: before };
  expect(laterThan(first, { ...now, last: 5_011 })?.(5_011)).toBe(true);
  expect(laterThan(first, { ...now, last: 95_000 })).toBeUndefined();
});
