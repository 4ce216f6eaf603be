import { expect, test } from 'vitest';
import { runFindings } from '../../src/cli/client/doctor/run-findings.js';
import { deliveryLines } from '../../src/cli/format/delivery-lines.js';
import { UserError } from '../../src/cli/user-error.js';
import type { GitSource } from '../../src/providers/source.js';
import type { ShownDelivery } from '../../src/server/api/contract.js';
import { pushEvent } from '../triggers/sample-events.js';

const REFUSED =
  'Status hookyard/ci/test: the API of source gitea answered 403 to POST /api/v1/repos/acme/shop/statuses/1';

const delivery = (troubles?: readonly string[]): ShownDelivery => ({
  ...{ id: 'd1', source: 'gitea', key: 'k', eventName: 'push', receivedAt: Date.now(), bodyBytes: 2, headers: {} },
  ...{ events: [pushEvent()], verdicts: [] },
  dispatches: [
    {
      ...{ automation: 'ci', workflowId: 'ci/gitea/k', state: 'done', attempts: 1, kind: 'start' },
      run: { status: 'completed', outcome: 'passed', ...(troubles && { troubles }) },
    } as ShownDelivery['dispatches'][number],
  ],
});

test('explain says what a run that passed could not report', () => {
  expect(deliveryLines(delivery()).join('\n')).not.toContain('not done');
  expect(deliveryLines(delivery([`${REFUSED}\u001b[2J`])).join('\n')).toContain(`not done  ${REFUSED}\n`.trimEnd());
});

const source = { kind: 'gitea' } as GitSource;
const said = (shown: ShownDelivery | undefined) => {
  const find = async () => {
    if (!shown) throw new UserError('There is no delivery "d1"');
    return shown;
  };
  return runFindings({ delivery: find }, { name: 'gitea', source, newest: [delivery()] });
};

test('doctor makes a problem of statuses that were refused to the last runs, and says what they need', async () => {
  expect(await said(delivery([REFUSED, REFUSED, 'Comment: no']))).toEqual([
    {
      level: 'problem',
      says: `one of its last runs could not report: ${REFUSED}`,
      advice: expect.stringContaining('write:repository'),
    },
  ]);
  expect(await said(delivery())).toEqual([]);
  expect(await said(undefined)).toEqual([]);
});
