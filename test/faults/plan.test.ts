import { expect, test } from 'vitest';
import { kinds } from './kinds/index.js';
import { type PlanOptions, plan } from './plan.js';

const one: PlanOptions = { seed: 7, store: 'sqlite', servers: 1, workers: 1, only: [] };
const round = (options: Partial<PlanOptions>, number = 1): string[] => {
  const rounds = plan({ ...one, ...options });
  let faults = rounds.next().value;
  for (let i = 1; i < number; i += 1) faults = rounds.next().value;
  return faults.map(({ what }) => what);
};

test('the same seed plans the same, and another something else', () => {
  expect(round({})).toEqual(round({}));
  expect(round({}, 2)).toEqual(round({}, 2));
  expect(round({})).not.toEqual(round({ seed: 8 }));
});

test('every kind comes once before any comes again, whatever the seed', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    for (const number of [1, 2]) {
      const faults = round({ seed }, number);
      expect(faults).toHaveLength(Object.keys(kinds).length);
      expect(new Set(faults.map((what) => what.replace(/\d.*/, ''))).size).toBeGreaterThanOrEqual(faults.length - 1);
      expect(faults.filter((what) => what.includes('is killed'))).toHaveLength(4);
      expect(faults.filter((what) => what.includes('stands still for 20 s'))).toHaveLength(3);
    }
  }
});

test('each of several servers and workers is killed first, by turns', () => {
  const faults = round({ servers: 2, workers: 2, store: 'postgres' });
  expect(faults.slice(0, 4).map((what) => what.replace(/,.*/, ''))).toEqual([
    'receiver 1 is killed',
    'worker 1 is killed',
    'receiver 2 is killed',
    'worker 2 is killed',
  ]);
  expect(faults.filter((what) => /(receiver|worker).* is killed/.test(what))).toHaveLength(4);
});

test('a name of one kind plans that kind, and that of a process all of its kinds', () => {
  expect(round({ only: ['delays'] })).toHaveLength(1);
  expect(round({ only: ['temporal'] })).toHaveLength(3);
  expect(() => round({ only: ['disk'], store: 'postgres' })).toThrow('no such fault');
});
