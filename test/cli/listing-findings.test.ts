import { expect, test } from 'vitest';
import { listingFindings } from '../../src/cli/client/doctor/listing-findings.js';

test('doctor says why runs can not be found by their outcome, and nothing where they can', () => {
  expect(listingFindings({ runs: [] })).toEqual([]);
  expect(listingFindings('http://x answers 409: the namespace lacks search attributes')).toEqual([
    {
      level: 'warn',
      says: "runs can't be found by their outcome: http://x answers 409: the namespace lacks search attributes",
    },
  ]);
});
