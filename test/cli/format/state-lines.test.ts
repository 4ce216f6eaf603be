import { expect, test } from 'vitest';
import { stateLines } from '../../../src/cli/format/state-lines.js';

test('what a run waits for, what of it is tried again, and what it has led to stand in one line each', () => {
  const [until, next] = [Date.parse('2026-11-29T12:00:00Z'), '2026-11-26T12:34:56Z'];
  const lines = stateLines('ci/1', {
    status: 'running',
    waitsFor: [
      { title: 'a comment about #7', since: 0, until },
      { title: 'a change of a pull request about #7', since: 0, ends: true },
    ],
    retried: [
      { activity: 'reportStatus', attempts: 1, error: 'GitHub answered 503', next },
      { activity: 'runJob', attempts: 3, error: 'no \u001b[31mroom' },
    ],
    ledTo: [
      { run: 'deploy/1', automation: 'deploy', status: 'completed', outcome: 'passed', by: 'ci/1' },
      { run: 'tell/1', automation: 'tell', status: 'running', by: 'deploy/1' },
      { run: 'child/1', automation: 'child', status: 'failed', outcome: 'failed', by: 'ci/1' },
    ],
    url: 'http://ui.example/ci',
  });
  expect(lines).toEqual([
    'waits for a comment about #7 until 2026-11-29 12:00 UTC',
    'ends by a change of a pull request about #7',
    'reportStatus has failed once, and is tried again at 2026-11-26 12:34 UTC: GitHub answered 503',
    expect.stringMatching(/^runJob has failed 3 times, and is tried again now: no .*room$/),
    'led to deploy/1: completed: passed',
    '  led to tell/1: running',
    'led to child/1: failed',
    'http://ui.example/ci',
  ]);
  expect(lines.join('')).not.toContain('\u001b');
});

test('why an author has set the outcome stands beside it', () => {
  expect(stateLines('ci/1', { status: 'completed', outcome: 'passed', because: 'flaky, \u001b[31mthird try' })).toEqual(
    [expect.stringMatching(/^passed: flaky, .*third try$/)],
  );
});
