import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText, withoutControls } from '../../../src/cli/format/control-characters.js';
import { harmless } from '../../../src/cli/format/paint.js';

/** What a terminal obeys, or shows in another order than it is written in. */
const HOSTILE = [
  ...Array.from({ length: 0x20 }, (_, code) => code).filter((code) => ![0x09, 0x0a].includes(code)),
  ...Array.from({ length: 0x21 }, (_, i) => 0x7f + i),
  ...[0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
  ...[0x2066, 0x2067, 0x2068, 0x2069],
].map((code) => String.fromCharCode(code));

test('no control character, of C1 neither, and no mark of direction gets into a line', () => {
  for (const character of HOSTILE) {
    expect(harmless(`a${character}b`), character.codePointAt(0)?.toString(16)).toBe('ab');
    expect(withoutControls(`a${character}b`)).toBe('ab');
  }
  expect(harmless('a\nb\tc 日本 é 👩‍💻')).toBe('ab\tc 日本 é 👩‍💻');
});

test('of escape sequences only those that set colours are left in what is printed', () => {
  expect(withoutControls('\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u001b[2J\u001b[1A')).toBe(
    '\u001b[31mred\u001b[0m ]0;title [2J[1A',
  );
});

test('what is left around an escape sequence, or an end of line, is none', () => {
  const hides = '\u001b[8m';
  for (const inside of ['\u001b[0m', '\n', '\u001b]0;title\u0007', '\u001b[2J', '\u001b'])
    for (let at = 1; at < hides.length; at++)
      expect(harmless(`a${hides.slice(0, at)}${inside}${hides.slice(at)}b`)).not.toContain('\u001b');
  expect(harmless('a\u001b\u001b[0m[8mb')).toBe('a[8mb');
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...'\u001b\u009b[]8;mJ\n\u0007')), (parts) => {
      expect(harmless(parts.join(''))).not.toMatch(/\p{Cc}/u);
    }),
  );
});

test('JSON holds them escaped, and is the same value to whatever parses it', () => {
  for (const character of HOSTILE) {
    const text = jsonText({ [`name${character}`]: [character] });
    expect(text).not.toContain(character);
    expect(JSON.parse(text)).toEqual({ [`name${character}`]: [character] });
  }
  expect(jsonText({ a: [1, 'é'] }, 2)).toBe(JSON.stringify({ a: [1, 'é'] }, null, 2));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(undefined, 2), (value, indent) => {
      expect(JSON.parse(jsonText([value], indent))).toEqual([value]);
    }),
  );
});
