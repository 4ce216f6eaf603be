import { expect, test } from 'vitest';
import { problemOfPattern } from '../../src/runs/report-pattern.js';

test.each([
  ['', 'is empty'],
  ['/etc/*.xml', 'must begin at the top of the checkout'],
  ['reports/../../*.xml', 'must not lead out'],
  ['!../*.xml', 'must not lead out'],
  ['x'.repeat(301), 'is longer than'],
  ['reports/*.xml', undefined],
  ['**/a..b.xml', undefined],
])('the pattern %j', (pattern, problem) => {
  if (problem === undefined) expect(problemOfPattern(pattern)).toBeUndefined();
  else expect(problemOfPattern(pattern)).toContain(problem);
});
