import { expect, test } from 'vitest';
import { readStepNote, stepBeginsInWords, stepInWords } from '../../../src/activities/contract/step-notes.js';

test.each(['npm ci', 'a: b, attempt', 'step 3 of 4: x', 'größe ✓'])(
  'what is said of the step "%s" is read again',
  (name) => {
    for (const attempt of [1, 2])
      expect(readStepNote(stepBeginsInWords({ number: 2, of: 3, name, attempt }))).toEqual({
        ...{ kind: 'begun', number: 2, name, attempt },
      });
    const ends = [
      [{ outcome: 'passed' }, 'passed', 'passed in 1.5 s'],
      [{ outcome: 'failed', exitCode: 3 }, 'failed', 'failed with exit code 3 after 1.5 s'],
      [
        { outcome: 'failed', because: 'its process was killed' },
        'failed',
        'failed after 1.5 s: its process was killed',
      ],
      [
        { outcome: 'timed_out', because: 'it took more than 1 s' },
        'stopped',
        'stopped after 1.5 s: it took more than 1 s',
      ],
    ] as const;
    for (const [end, outcome, said] of ends) {
      const words = stepInWords({ ...end, durationMs: 1_500 });
      expect(words).toBe(said);
      expect(readStepNote(`npm test: ${words}`)).toEqual({ kind: 'ended', name: 'npm test', outcome, said });
    }
  },
);

test('what a step was found to be after its end is read as a failure', () => {
  expect(readStepNote('npm test: failed, though its exit code is 0: 2 tests failed')).toMatchObject({
    ...{ kind: 'ended', name: 'npm test', outcome: 'failed' },
  });
});

test.each([
  'check out abc of acme/shop',
  'npm test: tests: 3 passed, 1 s of tests',
  'npm test: failed: a > b (x.ts:3)',
  '',
])('other notes tell of no step: %s', (text) => {
  expect(readStepNote(text)).toBeUndefined();
});
