import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultMatch } from '../../../../src/activities/job/problems/default-matcher.js';

const match = (line: string) => {
  const found = defaultMatch(line);
  if (!found) return undefined;
  const { severity, file, line: at, column, code, message } = found;
  return [severity, `${file}:${at}:${column ?? ''}`, message, ...(code ? [code] : [])];
};

test.each([
  [
    'gcc',
    "src/sum.c:4:12: error: expected ';' before '}' token",
    ['error', 'src/sum.c:4:12', "expected ';' before '}' token"],
  ],
  [
    'gcc, fatal',
    'src/sum.c:1:10: fatal error: sum.h: No such file or directory',
    ['error', 'src/sum.c:1:10', 'sum.h: No such file or directory'],
  ],
  [
    'clang',
    'src/sum.c:4:3: warning: unused variable [-Wunused]',
    ['warning', 'src/sum.c:4:3', 'unused variable [-Wunused]'],
  ],
  ['clang, a note', 'src/sum.c:4:3: note: declared here', ['notice', 'src/sum.c:4:3', 'declared here']],
  ['go vet', './main.go:8:2: undefined: x', ['warning', './main.go:8:2', 'undefined: x']],
  [
    'ESLint, unix',
    '/work/src/a.js:3:5: Unexpected var. [Error/no-var]',
    ['error', '/work/src/a.js:3:5', 'Unexpected var.', 'no-var'],
  ],
  ['flake8', 'app/a.py:1:1: F401 imported but unused', ['warning', 'app/a.py:1:1', 'F401 imported but unused']],
  ['mypy', 'app/a.py:2:5: error: Incompatible types', ['error', 'app/a.py:2:5', 'Incompatible types']],
  [
    'rustc, short',
    'src/main.rs:2:9: error[E0308]: mismatched types',
    ['error', 'src/main.rs:2:9', 'mismatched types', 'E0308'],
  ],
  ['tsc, pretty', 'src/a.ts:3:7 - error TS2322: not a number', ['error', 'src/a.ts:3:7', 'not a number', 'TS2322']],
  ['vue-tsc', 'src/a.ts:3:7: error TS2322: not a number', ['error', 'src/a.ts:3:7', 'not a number', 'TS2322']],
  [
    'tsc, of a folder with brackets',
    'app/(shop)/[id]/a.ts:3:7: error: no',
    ['error', 'app/(shop)/[id]/a.ts:3:7', 'no'],
  ],
  ['indented', '   src/a.ts:3:7: Error: no', ['error', 'src/a.ts:3:7', 'no']],
])('a problem of %s', (_, line, expected) => {
  expect(match(line)).toEqual(expected);
});

test.each([
  ['an address with a port', 'http://localhost:3000:1: error: x'],
  ['an address', 'see https://example.test:8443/a.js:3:5: error: x'],
  ['a server that listens', 'listening on 127.0.0.1:80:0: error: x'],
  ['numbers alone', '10.0.0.1:80:2: error: x'],
  ['a time', '12:30:45: error: it is late'],
  ['a date and a time', '2026-11-26T12:30:45.123Z:1:2: error: x'],
  ['a line of a stack', '    at sum (/work/src/sum.js:3:5)'],
  ['a line of a stack without brackets', '    at file:///work/src/sum.js:3:5'],
  ['a search result', 'src/sum.js:3:5:const a = b'],
  ['a dash without an error of TypeScript', 'src/a.ts:3:7 - error: x'],
  ['no column', 'src/sum.c:4: error: x'],
  ['no message', 'src/sum.c:4:2: '],
  ['a line of zero', 'src/sum.c:0:2: error: x'],
  ['a word without an ending or a folder', 'Makefile:3:5: error: x'],
  ['a path of Windows', 'C:\\src\\a.c:3:5: error: x'],
])('%s is none', (_, line) => {
  expect(defaultMatch(line)).toBeUndefined();
});

test('no line takes long, whatever it holds', () => {
  const spiteful = [
    `${'a/'.repeat(900)}.c:1:1: error: x`,
    `${'a:1:1'.repeat(400)}: error: x`,
    `a.c:1:1: ${'error '.repeat(300)}`,
    `a.c:1:1: ${' '.repeat(1_900)}[error/`,
    ' '.repeat(1_990),
  ];
  const began = process.cpuUsage();
  for (let round = 0; round < 200; round++) for (const line of spiteful) defaultMatch(line);
  // A thousand lines: an expression that goes back and forth would take minutes for one.
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(2_000);
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const found = defaultMatch(text);
      if (found) expect(found.file).not.toMatch(/[\s:]/);
    }),
    { numRuns: 500 },
  );
});

// Each takes some microseconds: with blanks that two parts of a pattern may share, these would be minutes.
test('many lines with many blanks are looked at before anybody notices', () => {
  for (const end of ['x', ': x', '[E1]x', 'TS1 x'])
    for (let count = 0; count < 10_000; count++)
      expect(defaultMatch(`src/a.ts:3:7: error${' '.repeat(1_900)}${end}`)?.severity).toBe(
        end === ': x' ? 'error' : 'warning',
      );
});
