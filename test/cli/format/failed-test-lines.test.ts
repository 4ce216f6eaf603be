import { expect, test } from 'vitest';
import type { TestCase } from '../../../src/activities/contract/index.js';
import { failedTestLines } from '../../../src/cli/format/failed-test-lines.js';
import type { TimelineEntry } from '../../../src/server/api/contract.js';

function step(...cases: TestCase[]): TimelineEntry {
  const tests = { passed: 0, failed: cases.length, skipped: 0, flaky: 0, durationMs: 1, cases, notes: [] };
  const result = { name: 'tests', outcome: 'failed' as const, durationMs: 1, tests };
  return { kind: 'step', name: 'tests', startedAt: '2026-11-26T12:00:00Z', state: 'failed', step: result };
}

const broken = {
  name: 'sums',
  outcome: 'failed',
  file: 'a/sum.test.js',
  line: 5,
  message: 'not equal:\n\n0 !== 4\n',
} as const;

test('a failing test is told with its place and why, once, however many jobs it failed in', () => {
  const passed = { name: 'others', outcome: 'passed' } as const;
  expect(failedTestLines({ timeline: [step(broken, passed), step(broken)] })).toEqual([
    'Test      a/sum.test.js:5  sums: not equal: 0 !== 4',
  ]);
});

test('what a report does not tell is left out, and nothing is shown that a terminal would obey', () => {
  const long = { name: 'long', outcome: 'failed', message: 'x'.repeat(600) } as const;
  const lines = failedTestLines({ timeline: [step({ name: 'a\u001b[31m', outcome: 'failed', file: 'a.js' }, long)] });
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^Test {6}a\.js {2}a/);
  expect(lines[0]).not.toContain('\u001b');
  expect(lines[1]).toMatch(/^Test {6}long: x{199}…$/);
});

test('a run without a timeline, or without tests, has no such lines', () => {
  expect(failedTestLines({})).toEqual([]);
  expect(failedTestLines({ timeline: [{ kind: 'wait', name: 'approval', startedAt: '', state: 'passed' }] })).toEqual(
    [],
  );
});
