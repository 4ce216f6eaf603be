import { expect, test } from 'vitest';
import type { TestCase, TestReport } from '../../../src/activities/contract/index.js';
import { failingTests, testsInWords } from '../../../src/workflows/run/test-words.js';

const report = (cases: readonly TestCase[], counts: Partial<TestReport> = {}): TestReport => {
  return { passed: 0, failed: 0, skipped: 0, flaky: 0, durationMs: 0, cases, notes: [], ...counts };
};

test('the counts of tests are told, those that are nought left out', () => {
  expect(testsInWords(report([], { passed: 1 }))).toBe('1 test passed');
  expect(testsInWords(report([], { passed: 12, failed: 1, flaky: 2 }))).toBe('12 tests passed, 1 failed, 2 flaky');
});

test('failing tests come before flaky ones, each in a line that nothing in it can leave', () => {
  const failed: TestCase = {
    name: 'adds\n```\n# x',
    suite: 'sum',
    outcome: 'failed',
    file: 'a.js',
    line: 3,
    message: 'is 5\nno',
  };
  const block = failingTests([
    {
      tests: report([
        { name: 'connects', outcome: 'flaky' },
        { name: 'fine', outcome: 'passed' },
      ]),
    },
    {},
    { tests: report([failed]) },
  ]);
  expect(block).toBe('\n````text\nfailed: sum > adds ``` # x (a.js:3): is 5\nflaky: connects\n````');
  expect(failingTests([{ tests: report([]) }, {}])).toBeUndefined();
});

test('no more than fifteen are named, and the others counted', () => {
  const many = Array.from(
    { length: 40 },
    (_, nr): TestCase => ({ name: `t${nr}`, outcome: 'failed', message: 'x'.repeat(600) }),
  );
  const lines = failingTests([{ tests: report(many) }])?.split('\n') ?? [];
  expect(lines).toHaveLength(19);
  expect(lines.at(-2)).toBe('and 25 more');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(200);
});
