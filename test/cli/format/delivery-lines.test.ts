import { expect, test } from 'vitest';
import { deliveryLines } from '../../../src/cli/format/delivery-lines.js';
import type { ShownDelivery } from '../../../src/server/api/contract.js';
import { aDelivery } from '../../store/a-delivery.js';

test('a delivery says to which runs it was handed, because they waited for it or end by it', () => {
  const { body: _, ...delivery } = aDelivery('k', { verdicts: [] });
  const title = 'a comment about #7';
  const shown: ShownDelivery = {
    ...{ ...delivery, bodyBytes: 5, dispatches: [] },
    given: [
      { workflowId: 'remind/1', title, part: 0, at: 0 },
      { workflowId: 'preview/1', title, part: 0, at: 0, ends: true },
    ],
  };
  expect(deliveryLines(shown).slice(-5)).toEqual([
    'Handed to',
    '  remind/1',
    '    which waited for a comment about #7',
    '  preview/1',
    '    which ends by it',
  ]);
});
