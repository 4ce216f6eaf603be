import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonProblem } from '../../../src/server/api/edit/json-problem.js';

test.each([
  ['', 'line 1, column 1: it ends too early, a value is missing'],
  ['{\n  "a": 1,\n}', 'line 3, column 1: a name in double quotes is missing'],
  ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: a comma or the closing bracket is missing'],
  ['{"a" 1}', 'line 1, column 6: a colon is missing after the name'],
  ['{"a": }', 'line 1, column 7: a value is missing'],
  ['[1, 2', 'line 1, column 6: it ends too early, a comma or the closing bracket is missing'],
  ['[1, 2}', 'line 1, column 6: a comma or the closing bracket is missing'],
  ['[1, ]', 'line 1, column 5: a value is missing'],
  ["{'a': 1}", 'line 1, column 2: a name in double quotes or } is missing'],
  ['{"a": tru}', 'line 1, column 7: a value is missing'],
  ['{"a": "x\ny"}', 'line 1, column 7: a value is missing'],
  ['{"a": "\\x"}', 'line 1, column 7: a value is missing'],
  ['{} x', 'line 1, column 4: there is something after the end'],
  ['{"a": 01}', 'line 1, column 8: a comma or the closing bracket is missing'],
])('%j is no JSON: %s', (text, problem) => {
  expect(jsonProblem(text)).toBe(problem);
});

test('what is JSON has no problem, and what is left of it too early has one behind its end at most', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, at) => {
      expect(jsonProblem(text)).toBeUndefined();
      const cut = text.slice(0, at % text.length);
      if (isJson(cut)) return;
      const column = Number(/^line 1, column (\d+):/.exec(jsonProblem(cut) ?? '')?.[1]);
      expect(column).toBeGreaterThan(0);
      expect(column).toBeLessThanOrEqual(cut.length + 1);
    }),
  );
});

test('a place is found in each text that is no JSON', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'{}[],:"\\ 01-.eEtruefalsn\n'.split('')), maxLength: 30 }),
      (text) => {
        expect(jsonProblem(text) === undefined).toBe(isJson(text));
      },
    ),
    { numRuns: 2_000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
