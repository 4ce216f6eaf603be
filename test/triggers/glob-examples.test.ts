import { expect, test } from 'vitest';
import { examplesOf } from '../../src/triggers/glob-examples.js';

test.each([
  ['main', ['main']],
  ['feature/**', ['feature/x']],
  ['**', ['x']],
  ['v[0-9].?', ['v0.x']],
  ['[!a]b', ['xb']],
  ['{fix,feat/{a,b}}/*', ['fix/x', 'feat/a/x', 'feat/b/x']],
  ['+(a|b)-c', ['a-c', 'b-c']],
  ['!(main)', ['x']],
  ['v{1..3}', ['v1']],
  ['a\\[b\\]', ['a[b]']],
  ['{a}', []],
])('texts that %s matches are made from it', (glob, texts) => {
  expect(examplesOf(glob)).toEqual(texts);
});

test('a glob of very many alternatives gives some', () => {
  expect(examplesOf('{a,b,c}'.repeat(20))).toHaveLength(20);
});
