import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SHORTEST, TextFinder } from '../../src/secrets/text-finder.js';

/** Finds what {@link TextFinder} does, the long way. */
function longWay(texts: readonly string[], text: string) {
  const found: { start: number; end: number }[] = [];
  for (let start = 0; start < text.length; start++) {
    const lengths = texts.filter((each) => each.length >= SHORTEST && text.startsWith(each, start));
    if (lengths.length > 0) found.push({ start, end: start + Math.max(...lengths.map(({ length }) => length)) });
  }
  return found;
}

const few = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'ß', '\ud83d'), maxLength });

test('at each place the longest of the texts is found, also of those that begin alike or with each other', () => {
  fc.assert(
    fc.property(fc.array(few(14), { maxLength: 40 }), few(60), (texts, text) => {
      const finder = new TextFinder();
      for (const each of texts) finder.add(each);
      expect(finder.find(text)).toEqual(longWay(texts, text));
    }),
    { numRuns: 500 },
  );
});

test('a text that is added later is found beside those that were looked for already', () => {
  const finder = new TextFinder();
  finder.add('abcdefgh');
  expect(finder.find('abcdefghij')).toEqual([{ start: 0, end: 8 }]);
  finder.add('abcdefghi');
  finder.add('abcdef');
  expect(finder.find('abcdefghij abcdefg')).toEqual([
    { start: 0, end: 9 },
    { start: 11, end: 17 },
  ]);
});
