import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RUN_OUTCOMES } from '../../src/events/event.js';
import type { ListedRun } from '../../src/server/api/contract.js';
import { statisticsOf } from '../../src/server/api/run-statistics.js';

const START = Date.parse('2026-11-24T08:00:00Z');
const ran = (outcome: ListedRun['outcome'], ms?: number, startedAfter = 0): ListedRun => ({
  ...{ run: `ci/${outcome}/${ms}`, runId: 'r', automation: 'ci', status: ms === undefined ? 'running' : 'completed' },
  startedAt: new Date(START + startedAfter).toISOString(),
  ...(outcome && { outcome }),
  ...(ms !== undefined && { endedAt: new Date(START + startedAfter + ms).toISOString() }),
});

test('counts what passed, failed or broke, and how long that took', () => {
  const runs = [
    ran('passed', 1_000),
    ran('passed', 3_000),
    ran('failed', 2_000),
    ran('error', 90_000),
    ran('skipped', 1),
    ran('cancelled', 500_000),
    ran('superseded', 600_000, 1_000),
    ran(undefined),
  ];
  expect(statisticsOf(runs)).toEqual({
    ...{ open: 1, counted: 4, passed: 2, p50Ms: 2_000, p95Ms: 90_000 },
    last: runs[6],
  });
});

test('says nothing of what there is not', () => {
  expect(statisticsOf([])).toEqual({ open: 0, counted: 0, passed: 0 });
  expect(statisticsOf([ran(undefined)])).toEqual({ open: 1, counted: 0, passed: 0 });
});

test('a percentile is a length that a run had, and as many took no longer as it says', () => {
  const outcome = fc.constantFrom(...RUN_OUTCOMES, undefined);
  const runs = fc.array(fc.tuple(outcome, fc.option(fc.nat(1_000_000), { nil: undefined })).map(([a, b]) => ran(a, b)));
  fc.assert(
    fc.property(runs, (all) => {
      const { counted, passed, p50Ms, p95Ms, open } = statisticsOf(all);
      expect(passed).toBeLessThanOrEqual(counted);
      expect(open + counted).toBeLessThanOrEqual(all.length);
      const lengths = all
        .filter(({ outcome: how, endedAt }) => endedAt && ['passed', 'failed', 'error'].includes(how ?? ''))
        .map(({ startedAt, endedAt = '' }) => Date.parse(endedAt) - Date.parse(startedAt));
      for (const [share, value] of [
        [0.5, p50Ms],
        [0.95, p95Ms],
      ] as const) {
        if (lengths.length === 0) expect(value).toBeUndefined();
        else expect(lengths).toContain(value);
        expect(lengths.filter((one) => one <= (value ?? 0)).length).toBeGreaterThanOrEqual(share * lengths.length);
      }
    }),
  );
});
