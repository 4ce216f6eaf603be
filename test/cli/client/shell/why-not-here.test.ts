import { expect, test } from 'vitest';
import { whyNotHere } from '../../../../src/cli/client/shell/why-not-here.js';
import type { KeptJob } from '../../../../src/runs/kept-job.js';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const kept: KeptJob = { kind: 'kept', job: 'build', step: 'test', host: 'build-1', until: NOW + 60_000 };
const why = (change: Partial<Parameters<typeof whyNotHere>[0]>) =>
  whyNotHere({
    ...{ run: 'ci/github/1', state: { status: 'failed' }, jobs: [kept], host: 'build-1', data: '/data', now: NOW },
    ...change,
  });

test('a workspace on another machine is said to be there, until when, and what to type there', () => {
  expect(why({ host: 'laptop' })).toBe(
    `ci/github/1 left no workspace here:
  job build: it is on the machine build-1, until 2026-11-26T12:01:00.000Z. Run npx hookyard shell ci/github/1 there, in Hookyard's project`,
  );
});

test.each([
  [
    'whose time is over',
    { now: kept.until },
    'was kept until 2026-11-26T12:01:00.000Z (jobs.keepFailedDays), and is gone',
  ],
  ['that was removed for room, or is in another folder', {}, 'is not below /data: room was needed'],
  ['where there is no project', { data: undefined }, "Run npx hookyard shell ci/github/1 in Hookyard's project"],
  [
    'that was never kept',
    { jobs: [{ kind: 'not kept', job: 'build', because: 'an output of x holds a secret' }] as const },
    'job build: it was not kept: an output of x holds a secret',
  ],
])('of a workspace %s the reason is told', (_, change, says) => {
  expect(why(change)).toContain(says);
});

test.each([
  [
    'passed',
    { status: 'completed', outcome: 'passed' } as const,
    'it passed, and workspaces are kept of jobs that fail',
  ],
  ['is open', { status: 'running' } as const, 'it is under way still, and none of its jobs has failed so far'],
  ['was cancelled', { status: 'cancelled' } as const, 'it was cancelled, and workspaces are kept of jobs that fail'],
  ['nobody can ask for', { status: 'unknown' } as const, 'Temporal does not answer'],
  [
    'failed elsewhere than in a step',
    { status: 'failed' } as const,
    'npx hookyard logs ci/github/1 shows what happened',
  ],
])('of a run that %s there is none, and it is said why', (_, state, says) => {
  const told = why({ jobs: [], state });
  expect(told).toMatch(/^There is no workspace of ci\/github\/1: /);
  expect(told).toContain(says);
});
