import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PieceFinder } from '../../src/secrets/piece-finder.js';

const ofLetters = (letters: string, maxLength: number) => fc.string({ unit: fc.constantFrom(...letters), maxLength });
/** Few letters, so that texts have much in common; lines have one more, which is in no text. */
const texts = fc.array(ofLetters('AB', 12), { maxLength: 5 });
const lines = ofLetters('AAABBBC', 16);

function finderOf(all: readonly string[]): PieceFinder {
  const finder = new PieceFinder();
  for (const text of all) finder.add(text);
  return finder;
}

/** Returns the greatest length up to that of a line for which something holds; 0 where it holds for none. */
function longest(line: string, holds: (length: number) => boolean): number {
  let length = line.length;
  while (length > 0 && !holds(length)) length--;
  return length;
}

test('as much of a line is found from its start as a text ends with, or all where it is within one', () => {
  fc.assert(
    fc.property(texts, lines, (all, line) => {
      const expected = all.some((text) => text.includes(line))
        ? line.length
        : longest(line, (length) => all.some((text) => text.endsWith(line.slice(0, length))));
      expect(finderOf(all).fromStart(line)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test('as much of a line is found up to its end as a text begins with, whatever stands before it', () => {
  fc.assert(
    fc.property(texts, lines, (all, line) => {
      const expected = longest(line, (length) => all.some((text) => text.startsWith(line.slice(-length))));
      expect(finderOf(all).toEnd(line)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});
