import { expect, test } from 'vitest';
import { isLight } from '../../../src/intake/large-bodies/is-light.js';

const filled = (text: string, bytes: number) =>
  Buffer.from(text.repeat(Math.ceil(bytes / text.length)).slice(0, bytes));

test.each([
  ['a small one, whatever values it holds', filled('[', 16_000), true],
  ['500 lines', filled('a line of text\\n', 500 * 16), true],
  ['more lines, as of a comment that takes long', filled('a line of text\\n', 501 * 16), false],
  ['500 lines in a form', filled('a line of text%5Cn', 500 * 18), true],
  ['more lines in a form', filled('a line of text%5Cn', 501 * 18), false],
  ['more lines in a form, in small letters', filled('a line of text%5cn', 501 * 18), false],
  ['one of a hundred kilobytes of text', filled('words and more words ', 100_000), true],
  ['one of a megabyte of text', filled('words and more words ', 1_000_000), false],
  ['brackets', filled('[],', 100_000), false],
  ['keys', filled('"a":1,', 100_000), false],
  ['fields of a form', filled('a=1&', 100_000), false],
])('a body that can be read at once: %s', (_, body, light) => {
  expect(isLight(body)).toBe(light);
});
