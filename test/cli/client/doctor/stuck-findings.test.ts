import { expect, test } from 'vitest';
import { stuckFindings } from '../../../../src/cli/client/doctor/stuck-findings.js';

test('an answer that is not about all runs is no all-clear', () => {
  expect(stuckFindings({ runs: [], complete: true })).toEqual([]);
  expect(stuckFindings({ runs: [], complete: false })).toEqual([
    expect.objectContaining({ level: 'warn', says: 'whether runs are stuck is not known of all of them yet' }),
  ]);
});
