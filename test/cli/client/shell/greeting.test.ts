import { expect, test } from 'vitest';
import type { StoredJob } from '../../../../src/activities/job/snapshots/stored-job.js';
import { greetingOf } from '../../../../src/cli/client/shell/greeting.js';
import { argumentsOf, isInteractive } from '../../../../src/cli/client/shell/interactive.js';

const job = {
  input: { name: 'build', env: { CI_KEY: { secret: 'key' }, MODE: 'fast' } },
  steps: [
    { name: 'database', run: 'postgres', background: true },
    { name: 'test', run: 'npm ci\nnpm test', env: { NPM_TOKEN: { secret: 'npm' } } },
    { name: 'publish', run: 'npm publish' },
  ],
  attempt: 1,
} as unknown as StoredJob;
const told = (change = {}) =>
  greetingOf({
    ...{ run: 'ci/github/1', job, number: 2, failedAt: 2, secrets: false, isStrangers: false, cwd: '/w/src' },
    ...change,
  });

test('who opens a shell is told whose workspace it is, what the step runs, and what is not as it was', () => {
  expect(told()).toEqual([
    'The workspace of job build of ci/github/1, as step 2 of 3, "test", left it',
    'The environment of step 2, "test", which runs:',
    '  npm ci',
    '  npm test',
    'Not set, since they hold secrets: CI_KEY, NPM_TOKEN',
    'Not running here: the background step "database"',
    'In /w/src, which is removed when the shell ends',
  ]);
});

test('secrets that are set are not said to be missing, nor those of another step, and a stranger’s code is told of', () => {
  expect(told({ secrets: true }).join('\n')).not.toContain('Not set');
  expect(told({ number: 3 }).join('\n')).toContain('hold secrets: CI_KEY\n');
  expect(told({ isStrangers: true }).join('\n')).toContain("may be a stranger's: what of it you run here runs as you");
});

test.each([
  [undefined, true, '/bin/bash', ['--noprofile', '--norc']],
  ['bash -x', true, 'bash', ['--noprofile', '--norc']],
  ['/usr/bin/zsh', true, '/usr/bin/zsh', ['-f']],
  ['sh', true, 'sh', []],
  ['python3', false, '/bin/sh', []],
  ['deno eval', false, '/bin/bash', ['--noprofile', '--norc']],
])('a step that is run by %j: whether people type into that is %j', (named, isShell, command, args) => {
  expect(isInteractive(named)).toBe(isShell);
  expect(argumentsOf(command)).toEqual(args);
});
