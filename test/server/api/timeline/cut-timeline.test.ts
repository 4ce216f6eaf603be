import { expect, test } from 'vitest';
import type { TimelineEntry } from '../../../../src/server/api/contract.js';
import { cutTimeline } from '../../../../src/server/api/timeline/cut-timeline.js';

const step = (number: number, state: TimelineEntry['state'] = 'passed'): TimelineEntry => ({
  ...{ kind: 'step', name: `step ${number}`, number, state },
  startedAt: new Date(Date.UTC(2026, 10, 24) + number * 1_000).toISOString(),
});
const steps = (count: number) => Array.from({ length: count }, (_, number) => step(number));

test('of a run with very many steps, those that failed are kept wherever they are, and the order stays', () => {
  const all = [...steps(700), step(700, 'failed'), step(701, 'running')];
  const { timeline, isCut } = cutTimeline(all);
  expect(isCut).toBe(true);
  expect(timeline.map(({ number }) => number)).toEqual([...Array(498).keys(), 700, 701]);
});

test('a run with fewer keeps all', () => {
  expect(cutTimeline(steps(500))).toEqual({ timeline: steps(500), isCut: false });
});
