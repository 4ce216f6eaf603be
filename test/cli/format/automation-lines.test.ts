import { expect, test } from 'vitest';
import { automationLines } from '../../../src/cli/format/automation-lines.js';
import type { ShownAutomation } from '../../../src/server/api/contract.js';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const CI: ShownAutomation = {
  ...{ name: 'ci', file: 'automations/ci.ts', triggers: ['push: branch main', 'at times: 0 3 * * *'] },
  recent: {
    ...{ open: 1, counted: 4, passed: 3, p50Ms: 4_200, p95Ms: 61_000 },
    last: {
      ...{ run: 'ci/github/1', runId: 'r', automation: 'ci', status: 'completed', outcome: 'failed' },
      ...{ startedAt: '2026-11-24T07:00:00.000Z', endedAt: '2026-11-24T07:01:00.000Z' },
    },
  },
  schedules: [{ cron: '0 3 * * *', next: ['2026-11-25T03:00:00.000Z'] }],
};

test('an automation is shown with what starts it, how its last runs went, and when it starts next', () => {
  expect(automationLines(CI, NOW)).toEqual([
    'ci',
    '  On      push: branch main',
    '  On      at times: 0 3 * * *',
    '  Last    failed, 2026-11-24 07:01:00 UTC',
    '  Passed  3 of 4 runs, half of them within 4.2 s',
    '  Open    1 run',
    '  Next    2026-11-25 03:00:00 UTC',
  ]);
});

test('of what is not known nothing is shown, and nothing controls the terminal', () => {
  const lines = automationLines({ name: 'ci\u001b[31m', file: 'x', triggers: ['push: message \u001b]0;x\u0007'] }, NOW);
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toMatch(/\p{Cc}/u);
});
