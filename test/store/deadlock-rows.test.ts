import { expect, test } from 'vitest';
import { lookForDeadlock, type StandingRow } from '../../src/store/deadlock-rows.js';

const row = (workflowId: string, lane: string, more: Partial<StandingRow> = {}): StandingRow => ({
  ...{ workflowId, lane, title: lane, state: 'runs', partOf: null, around: null, supersededBy: null, stoodMs: 60_000 },
  ...more,
});
const child = (workflowId: string, lane: string, around: readonly string[], stoodMs = 60_000) =>
  row(workflowId, lane, { state: 'waits', around: JSON.stringify(around), stoodMs });

const rows = [
  row('p', 'a'),
  row('q', 'b'),
  child('p/child/child', 'b', ['p/child', 'p']),
  child('q/child', 'a', ['q']),
];
const ALL = ['p', 'p/child', 'q'];
const look = { workflowId: 'q/child', standsMs: 45_000 };

test('before anybody is said to wait for ever, all are asked for whether they wait for nothing but children', () => {
  const found = lookForDeadlock(look, rows);
  expect('ask' in found && found.ask.toSorted()).toEqual(ALL);
  expect(lookForDeadlock(look, rows.slice(0, 3))).toEqual({ ask: [] });
});

test('nobody waits for ever while a run around one that waits has something else to do', () => {
  expect(lookForDeadlock({ ...look, awaiting: ALL }, rows)).toEqual({ because: expect.stringMatching(/^deadlock: /) });
  for (const busy of ALL)
    expect(lookForDeadlock({ ...look, awaiting: ALL.filter((run) => run !== busy) }, rows)).toEqual({ ask: [] });
});

test('who has waited for a moment only may go on', () => {
  const fresh = [...rows.slice(0, 3), child('q/child', 'a', ['q'], 1_000)];
  for (const awaiting of [undefined, ALL]) expect(lookForDeadlock({ ...look, awaiting }, fresh)).toEqual({ ask: [] });
});
