import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AlikeTexts } from '../../src/secrets/alike-texts.js';

const few = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength });

test('the longest text is found that stands at a place, among those that go on alike and those that do not', () => {
  fc.assert(
    fc.property(fc.array(few(6), { maxLength: 20 }), few(12), fc.nat(4), (texts, text, start) => {
      const alike = new AlikeTexts();
      for (const each of texts) alike.add(each);
      const there = texts.filter((each) => text.startsWith(each, start)).map(({ length }) => length);
      expect(alike.longestAt(text, start)).toBe(Math.max(0, ...there));
    }),
    { numRuns: 2_000 },
  );
});

test('one that only begins alike is not taken for the one before it in order', () => {
  const alike = new AlikeTexts();
  for (const each of ['aab', 'abcd']) alike.add(each);
  expect(alike.longestAt('abcx', 0)).toBe(0);
  for (const each of ['ab', 'aba', 'abb']) alike.add(each);
  expect(alike.longestAt('abcx', 0)).toBe(2);
});
