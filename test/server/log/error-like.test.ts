import { describe, expect, test } from 'vitest';
import { isErrorLike, isMarked } from '../../../src/server/api/log/error-like.js';

test.each([
  ['src/a.ts:3:4: error: no', true],
  ['a.ts(3,4): error TS2304: Cannot find', true],
  ['main.c:12: fatal error: x.h: No such file', true],
  ['vendor/[x]:7 - error', true],
  ['not ok 2 - b', true],
  ['##[error]it failed', true],
  ['12:30 error', true],
  [': 3 error', false],
  ['src/a.ts:3:4: warning: no', false],
])('a place with an error is marked: %s', (text, expected) => {
  expect(isMarked(text)).toBe(expected);
});

test('what a line says after 2,000 characters is not looked at, with its codes or without', () => {
  expect(isErrorLike(`${' '.repeat(1_900)}Error: x`)).toBe(true);
  expect(isErrorLike(`${' '.repeat(2_000)}Error: x`)).toBe(false);
  expect(isMarked(`${'\u001b[31m'.repeat(450)}a:1: error`)).toBe(false);
  expect(isMarked(`${'\u001b[31m'.repeat(300)}a:1: error`)).toBe(true);
});

// Each takes some microseconds. Where a pattern is tried from each character to the end, one takes half a second.
describe('a log of lines that are made to be slow is judged before anybody notices', () => {
  test.each([
    ...[
      'a',
      'f',
      '.',
      ']',
      '1',
      '1:',
      'a:1',
      ' ',
      'error ',
      'error:',
      'error =',
      'Error',
      'failed: +',
      'x(1,',
      '0 ',
      '-',
    ],
    ...['\u001b[', '\u001b[1', '\u001b[1m', '::error', '---  ', 'not  ok', '_'],
  ])('%j', (unit) => {
    const long = unit.repeat(Math.ceil(8_192 / unit.length)).slice(0, 8_192);
    for (const text of [`${long} error`, `${long} FAIL`, `error${long}`, `a:1${long}`, `error${' '.repeat(8_000)}x`])
      for (let count = 0; count < 100; count++) expect(isMarked(text) && !isErrorLike(text)).toBe(false);
  });
});
