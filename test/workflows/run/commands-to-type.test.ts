import { expect, test } from 'vitest';
import { countsInWords } from '../../../src/activities/job/passed/count-as-before.js';
import { commandFor } from '../../../src/workflows/run/approval-report.js';
import { whyFailed } from '../../../src/workflows/run/job-words.js';

test('what a run tells people to type does nothing else, whatever a sender called its delivery', () => {
  const failed = {
    outcome: 'failed' as const,
    passed: false,
    steps: [],
    outputs: {},
    durationMs: 1,
    tail: '',
    attempt: 1,
  };
  expect(whyFailed({ ...failed, url: 'u' }, 'pay/shop/$(reboot)').block).toContain(
    "`hookyard logs 'pay/shop/$(reboot)'` shows all of it",
  );
  expect(commandFor('production', 'pay/shop/$(reboot)')).toBe("hookyard approve 'pay/shop/$(reboot)' production");
  expect(countsInWords('build', 'pay/shop/a;b')).toContain("hookyard logs 'pay/shop/a;b' shows its output");
  expect(countsInWords('build', 'ci/github/1')).toContain('hookyard logs ci/github/1 shows its output');
});
