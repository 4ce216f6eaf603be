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

test('a delivery says in what it differs from the one before, where that was asked for', () => {
  const { body: _, ...delivery } = aDelivery('k', { verdicts: [] });
  const shown: ShownDelivery = {
    ...{ ...delivery, bodyBytes: 5, dispatches: [] },
    diff: {
      with: { id: 'd1', receivedAt: 0 },
      body: {
        shown: [
          { path: 'ref', before: '"a"', after: '"b"' },
          { path: 'forced', after: 'true' },
          { path: 'topics[]', before: '"x\u001b[31m"' },
        ],
        more: 2,
      },
      headers: { shown: [] },
    },
  };
  expect(deliveryLines(shown).slice(-7)).toEqual([
    'Compared  with d1, received 1970-01-01T00:00:00.000Z',
    'Body differs in',
    '  ~ ref: "a" → "b"',
    '  + forced: true',
    '  - topics[]: "x"',
    '  and 2 more',
    'Headers: the same',
  ]);
});
