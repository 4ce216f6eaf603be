import { expect, test } from 'vitest';
import { countValues } from '../../src/providers/count-values.js';

test.each([
  ['1', 1],
  ['[]', 2],
  ['[1,2,3]', 4],
  ['{"a":1,"b":{"c":null}}', 4],
  ['"[,{,"', 1],
  ['["\\"[[,", 2]', 3],
  ['["\\\\",[]]', 4],
  ['["unfinished [[[', 2],
])('%s is counted as %i values', (json, count) => {
  expect(countValues(Buffer.from(json))).toBe(count);
});
