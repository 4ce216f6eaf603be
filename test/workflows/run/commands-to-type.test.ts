import { expect, test } from 'vitest';
import { countsInWords } from '../../../src/activities/job/passed/count-as-before.js';
import { PROVIDERS } from '../../../src/providers/index.js';
import { commandFor, howToApprove, WITHOUT_COMMANDS } from '../../../src/workflows/run/approval-report.js';
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

test('a commit of a fork is approved by a comment, and by a command where no comment counts', () => {
  const asked = { automation: 'ci', sha: '0123456789abcdef0123456789abcdef01234567' };
  expect(howToApprove({ ...asked, provider: 'gitlab' }, 'ci/gitlab/1')).toBe(
    'a person with write access: /approve ci 0123456789ab',
  );
  expect(howToApprove({ ...asked, provider: 'azure-devops' }, 'ci/azure/$(reboot)')).toBe(
    "an operator: hookyard approve 'ci/azure/$(reboot)'",
  );
  const key = '0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f:12345';
  const long = `verifyTheWholeCheckoutServiceOnWindowsAndLinux/azure-devops-payments/${key}/replay-2`;
  expect(howToApprove({ ...asked, provider: 'azure-devops' }, long)).toBe(
    'an operator: hookyard approve <run>, which hookyard runs --waiting lists',
  );
});

test('comments approve at the providers whose API tells what somebody may do', () => {
  const silent = Object.values(PROVIDERS).filter(({ facts }) => 'tellsPermissions' in facts && !facts.tellsPermissions);
  expect(silent.map(({ facts }) => facts)).toHaveLength(WITHOUT_COMMANDS.length);
  for (const kind of WITHOUT_COMMANDS) expect(PROVIDERS).toHaveProperty([kind, 'facts', 'tellsPermissions'], false);
});
