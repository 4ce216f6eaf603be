import { expect, test } from 'vitest';
import { commandsIn } from '../../../src/intake/comments/commands-in.js';

const names = (body: string) => commandsIn(body).map(({ name }) => name);
const letters = (count: number) => 'x'.repeat(count);

test('a comment has ten commands at most', () => {
  const lines = Array.from({ length: 11 }, (_, n) => `/c${n}`);
  expect(names(lines.join('\n'))).toEqual(lines.slice(0, 10).map((line) => line.slice(1)));
});

test('a command has twenty words at most, of two hundred characters each', () => {
  const [command] = commandsIn(`/deploy ${`${letters(201)} `.repeat(21)}`);
  expect(command?.args).toEqual(Array(20).fill(letters(200)));
});

test('a reason has a hundred words at most', () => {
  const [command] = commandsIn(`/reject ${'x '.repeat(101)}`);
  expect(command?.args).toEqual(Array(100).fill('x'));
});

test('a name has fifty characters at most: longer words are none', () => {
  expect(names(`/${letters(50)}`)).toEqual([letters(50)]);
  expect(names(`/${letters(51)}`)).toEqual([]);
});

test('a name begins with a letter and goes on in small letters, digits and hyphens', () => {
  expect(['/a1-b', '/A1', '/z'].flatMap(names)).toEqual(['a1-b', 'a1', 'z']);
  expect(['/1a', '/-a', '/a_b', '/aB', '/ä', '//a', '/'].flatMap(names)).toEqual([]);
});

test.each([
  [9_998, ['retest', 'deploy']],
  [9_999, ['retest']],
  [10_000, ['retest']],
  [10_001, ['retest']],
])('a comment of %d characters is whole, or its last block may have been cut and does not count', (length, wanted) => {
  const begin = '/retest\n\n';
  const end = '\n\n/deploy';
  expect(names(`${begin}${letters(length - begin.length - end.length)}${end}`)).toEqual(wanted);
});

test('what stands behind ten thousand characters is not read', () => {
  expect(names(`/retest\n${'a\n'.repeat(5_000)}/deploy\n\nx`)).toEqual([]);
  expect(names(`/retest\n\n${letters(10_000)}\n\n/deploy\n\nx`)).toEqual(['retest']);
});

test('commands between hundreds of quotes are not looked for, and between those of a long mail they are', () => {
  expect(commandsIn('/retest\n>>>\n'.repeat(800))).toEqual([]);
  expect(commandsIn('- >>>\r\n/retest\r\n'.repeat(600))).toEqual([]);
  const mail = Array.from({ length: 20 }, (_, n) => `${'> quoted\n'.repeat(20)}\nline ${n}\n\n`).join('');
  expect(commandsIn(`${mail}/retest`)).toEqual([{ name: 'retest', args: [] }]);
});
