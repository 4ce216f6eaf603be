import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forTerminal } from '../src/log.js';

const line = (msg: string) => JSON.stringify({ msg });
const shown = (msg: string) => (JSON.parse(forTerminal(line(msg))) as { msg: string }).msg;

test('a line for a terminal holds nothing that the terminal would obey', () => {
  expect(shown('a\u001b[2J\u0007\b\r\u007f\u009b31m\u202eb\u2028c\u200f')).toBe('a[2J31mbc');
  expect(shown('two\nlines\tand "quotes", ü 日本')).toBe('two\nlines\tand "quotes", ü 日本');
});

test('a backslash that was written stays, and what stands behind it', () => {
  expect(shown('C:\\u001b \\\\r \\b')).toBe('C:\\u001b \\\\r \\b');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(shown(text)).toBe(text.replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, ''));
    }),
  );
});
