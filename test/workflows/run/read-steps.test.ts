import { expect, test } from 'vitest';
import type { JobStep } from '../../../src/activities/contract/index.js';
import { idToken } from '../../../src/workflows/kit/id-token.js';
import { readSteps, readTimeout } from '../../../src/workflows/run/read-steps.js';

const step = { name: 'it', run: 'true' };

test('command lines are steps that are called by their first line', () => {
  expect(readSteps(['npm ci', 'set -x\nnpm test', step])).toEqual([
    { name: 'npm ci', run: 'npm ci' },
    { name: 'set -x', run: 'set -x\nnpm test' },
    step,
  ]);
});

test('command lines of a template literal are called by the first that is not blank, and blank ones are refused as such', () => {
  const run = `
    set -x
    npm test
  `;
  expect(readSteps([run])).toEqual([{ name: 'set -x', run }]);
  expect(() => readSteps([' \n'])).toThrow('"steps[0].run" must be a string that is not empty');
});

test('every option of a step is taken', () => {
  const full: JobStep = {
    ...step,
    ...{ env: { A: 'b', T: { secret: 't' } }, timeout: '5 minutes', dir: 'packages/app', shell: 'sh', if: 'always' },
    ...{ continueOnError: true, retries: { on: ['lost', 'timeout', 'failed', 'exit:137'], limit: 3 } },
  };
  const tested: JobStep = {
    ...step,
    tests: ['reports/*.xml', 'tap'],
    problems: ['.github/m.json', { owner: 'mine', pattern: [{ regexp: 'x', file: 0, message: 0 }] }],
  };
  expect(readSteps([tested, { ...step, tests: 'tap', problems: false }])).toHaveLength(2);
  const service: JobStep = { ...step, background: true, ready: 'pg_isready', timeout: 30_000 };
  expect(readSteps([full, service])).toEqual([full, service]);
});

test.each([
  [{ run: 'true' }, 'a step has a "name" and a "run"'],
  [{ ...step, name: ' ' }, '"steps[0].name" must be a string that is not empty'],
  [{ ...step, time: '5 minutes' }, 'unknown option "steps[0].time"; did you mean "name"?'],
  [
    { ...step, timeout: 'soon' },
    '"steps[0].timeout" must be a time in milliseconds or in words, "5 minutes", of 24 days at most, not "soon"',
  ],
  [{ ...step, timeout: 0 }, '"steps[0].timeout" must be a time'],
  [
    { ...step, timeout: '30 days' },
    '"steps[0].timeout" must be a time in milliseconds or in words, "5 minutes", of 24 days',
  ],
  [{ ...step, timeout: Number.POSITIVE_INFINITY }, '"steps[0].timeout" must be a time'],
  [
    { ...step, env: { A: null } },
    `"steps[0].env" must be an object of strings, secret('name') and idToken({ audience }), and "A" is none of them`,
  ],
  [{ ...step, env: { A: {} } }, 'and "A" is none of them'],
  [{ ...step, if: 'never' }, '"steps[0].if" must be "always" or "failure", not "never"'],
  [{ ...step, dir: '/etc' }, '"steps[0].dir" must be a folder below the checkout, without "..", not "/etc"'],
  [{ ...step, dir: 'a/../../b' }, '"steps[0].dir" must be a folder below the checkout'],
  [{ ...step, retries: { limit: 11 } }, '"steps[0].retries.limit" must be a number from 1 to 10, not 11'],
  [{ ...step, retries: { on: ['exit'], limit: 1 } }, '"exit:<code>" (and "exit" is none of them)'],
  [{ ...step, retries: { on: ['failed'] } }, '"steps[0].retries" has no "limit"'],
  [{ ...step, tests: '../x.xml' }, '"steps[0].tests" must be globs below the checkout: "../x.xml" must not lead out'],
  [{ ...step, tests: 7 }, '"steps[0].tests" must be a glob of test reports, or a list of them, not 7'],
  [{ ...step, problems: true }, '"steps[0].problems" must be false, or a list of at most 20 problem matchers'],
  [{ ...step, background: true, tests: 'tap' }, 'a step with background: true has no "tests" and no "problems"'],
  [{ ...step, ready: 'true' }, '"ready" is for steps with background: true'],
  [{ ...step, background: true, retries: { limit: 1 } }, 'a step with background: true has no "retries"'],
  [{ ...step, snapshot: 'always' }, '"steps[0].snapshot" must be true or false, not "always"'],
  [{ ...step, background: true, snapshot: true }, 'a step with background: true has no "snapshot"'],
  [{ ...step, background: true, if: 'always' }, 'a step with background: true has no "if"'],
  [{ ...step, run: 'x'.repeat(120_001) }, 'shorter than 120000 bytes'],
])('a step that is written wrongly is refused with what is wrong: %j', (wrong, because) => {
  expect(() => readSteps([wrong as never])).toThrow(because);
});

test('more steps than a history has room for are refused', () => {
  expect(() => readSteps(Array.from({ length: 101 }, () => 'true'))).toThrow('"steps" has 101 steps, more than 100');
});

test('the time of a job is half an hour, or what its author has written, within what can be waited for', () => {
  expect(readTimeout()).toBe(1_800_000);
  expect(readTimeout('2 minutes')).toBe(120_000);
  for (const wrong of ['30 days', Number.POSITIVE_INFINITY, 0, 'soon'] as const)
    expect(() => readTimeout(wrong as never)).toThrow('runJob(): "timeout" must be a time in milliseconds or in words');
});

test('an option of an ID token that there is none of is refused, with the one that may be meant', () => {
  expect(() => idToken({ audience: 'sts.example', lifetimes: '5 minutes' } as never)).toThrow(
    'idToken(): unknown option "lifetimes"; did you mean "lifetime"?',
  );
});
