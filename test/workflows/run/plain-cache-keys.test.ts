import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPlainText, plainBeginning, plainText, withPlainTexts } from '../../../src/workflows/run/plain-cache-keys.js';

test.each([
  ['npm-1.2_3/main', 'npm-1.2_3/main'],
  ['feature/ü', 'feature/%C3%BC'],
  ['a b', 'a%20b'],
  ['half \ud83d of one', 'half%20%EF%BF%BD%20of%20one'],
  ['x'.repeat(200), 'x'.repeat(200)],
])('the text %j stands in a key as %j', (text, plain) => {
  expect(plainText(text)).toBe(plain);
  expect(plainBeginning(text)).toBe(plain);
});

test('of a text that is too long the end is told apart by its hash, and what keys begin with does without', () => {
  const [one, other] = ['1', '2'].map((end) => plainText(`${'x'.repeat(200)}${end}`));
  expect(one).toHaveLength(200);
  expect(one).not.toBe(other);
  expect(one?.startsWith(plainBeginning(`${'x'.repeat(200)}1`))).toBe(true);
});

test('property: whatever a branch is called, it can be a part of a key', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
  const isPart = fc.property(text, (given) => isPlainText(plainText(given)) && isPlainText(plainBeginning(given)));
  fc.assert(isPart, { numRuns: 500 });
});

test('caches whose keys are plain stay as they are, and so does what is none', () => {
  const plain = { key: ['npm', { hashFiles: ['x'] }], paths: ['a b'], restoreKeys: ['npm-'] };
  expect(withPlainTexts(plain)).toEqual(plain);
  expect(withPlainTexts([plain, { ...plain, key: '' }])).toEqual([plain, { ...plain, key: '' }]);
  for (const none of [null, 'x', { key: { secret: 'x' } }]) expect(withPlainTexts(none as never)).toEqual(none);
});
