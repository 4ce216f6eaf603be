import { expect, test } from 'vitest';
import { createLineSplitter } from '../../../src/activities/job/lines.js';

/** In characters: how much of a line that goes on is not given out yet. */
const KEPT = 32_768;

/** Lines that begin so are commands; `*` stands where they were. */
const commands = {
  mayBeIn: (text: string) => text.includes('::'),
  take: (line: string) => (line.startsWith('::add ') ? '*' : undefined),
};
const splitter = (mask = (text: string) => text) => createLineSplitter(mask, commands);

test('lines that are commands are taken out of the others, wherever they stand', () => {
  const lines = splitter();
  expect(lines.add('::add one\n')).toEqual(['*']);
  expect(lines.add('a\nb\n::add two\nc\nd\n::add three\n::add four\ne :: f\n')).toEqual([
    ...['a', 'b', '*', 'c', 'd', '*', '*', 'e :: f'],
  ]);
  expect(lines.add('no end yet, ')).toEqual([]);
  expect(lines.add('and ::add five\n::add six')).toEqual(['no end yet, and ::add five']);
  expect(lines.end()).toEqual(['*']);
  expect(lines.end()).toEqual([]);
});

test('what a command has hidden counts from the line behind it, and what stands there is masked together', () => {
  let secret = 'none';
  const lines = createLineSplitter((text) => text.replaceAll(secret, '***'), {
    ...commands,
    take(line) {
      if (!line.startsWith('::add ')) return undefined;
      secret = line.slice('::add '.length).replaceAll('%', '\n');
      return '*';
    },
  });
  expect(lines.add('b\n::add a%b\na\nb\nc ::\n')).toEqual(['b', '*', '***', 'c ::']);
});

test('the middle of a long line is no command, though it begins like one where the line is cut', () => {
  const lines = splitter();
  const long = `${'x'.repeat(40_000)}::add ${'y'.repeat(KEPT - 6)}`;
  const before = lines.add(long);
  const after = lines.add('\n::add one\nend\n::add two\n');
  expect([...before, ...after].join('')).toBe(`${long}*end*`);
  expect(after.slice(-3)).toEqual(['*', 'end', '*']);
});

test('of a command that is too long nothing is given out, up to the end of its line', () => {
  const lines = splitter();
  expect(lines.add(`::add ${'x'.repeat(2 * KEPT)}`)).toEqual(['*']);
  expect(lines.add('more of it')).toEqual([]);
  expect(lines.add('its end\nanother line\n::add one\n')).toEqual(['another line', '*']);
});

test('a long line of which nothing is left once it is masked has not begun yet', () => {
  const lines = splitter((text) => text.replaceAll(/x+/g, ''));
  expect(lines.add('x'.repeat(3 * KEPT))).toEqual([]);
  expect(lines.add('::add one\n')).toEqual(['*']);
});
