import { expect, test } from 'vitest';
import type { CacheOptions } from '../../../src/activities/contract/index.js';
import { hashedFiles, readCaches } from '../../../src/workflows/run/read-caches.js';

const GOOD = { key: 'npm', paths: ['node_modules'] };

test('one cache or several, with a key of texts and hashes, are read as they are told to a host', () => {
  expect(readCaches(GOOD)).toEqual([{ key: ['npm'], paths: ['node_modules'] }]);
  const key = ['npm', hashedFiles(['**/package-lock.json'])];
  expect(readCaches([GOOD, { ...GOOD, key, restoreKeys: ['npm-'], mode: 'read' }])[1]).toEqual({
    ...{ key, paths: ['node_modules'] },
    ...{ restoreKeys: ['npm-'], mode: 'read' },
  });
});

test.each<[string, object, string]>([
  ['no key', { key: undefined }, 'runJob(): "cache" needs a "key" and "paths"'],
  ['a key with a blank', { key: 'a b' }, 'runJob(): "cache.key" must be a text, or a list of texts and hashFiles('],
  ['an empty key', { key: [] }, '"cache.key" must be'],
  ['a secret as key', { key: [{ secret: 'x' }] }, '"cache.key" must be'],
  ['a hash of what lies outside', { key: [{ hashFiles: ['../x'] }] }, '"cache.key" must be'],
  ['no path', { paths: [] }, '"cache.paths" must be a list of at least one non-empty string'],
  ['a path outside', { paths: ['/etc'] }, '"/etc" must be below the checkout'],
  ["git's folder", { paths: ['.git'] }, '".git" must not be git\'s own folder'],
  ['a glob', { paths: ['*/node_modules'] }, 'and no globs'],
  [
    'a beginning that is none',
    { restoreKeys: [''] },
    '"cache.restoreKeys" must be a list of 1 to 10 beginnings of keys',
  ],
  ['another mode', { mode: 'rw' }, '"cache.mode" must be "read", "write" or "read-write"'],
  ['another option', { keys: 'x' }, 'unknown option "cache.keys"'],
])('%s is refused in words', (_what, change, words) => {
  expect(() => readCaches({ ...GOOD, ...change } as CacheOptions)).toThrow(words);
});

test('of several, the words name the one that is wrong', () => {
  expect(() => readCaches([GOOD, { ...GOOD, paths: ['..'] }])).toThrow('"cache[1].paths"');
  expect(() => readCaches(Array.from({ length: 11 }, () => GOOD))).toThrow('has 11 caches, more than 10');
});

test('hashFiles() of no glob says what it takes', () => {
  expect(() => hashedFiles([])).toThrow('hashFiles() takes globs of files of the checkout');
});
