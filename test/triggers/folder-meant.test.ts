import { expect, test } from 'vitest';
import { folderMeant } from '../../src/triggers/folder-meant.js';

test.each([
  ['src', 'src/**'],
  ['packages/api', 'packages/api/**'],
  ['!vendor', '!vendor/**'],
  ['.github', '.github/**'],
  ['Sources', 'Sources/**'],
])('%s is probably a folder', (pattern, meant) => {
  expect(folderMeant(pattern, [pattern])).toBe(meant);
});

test.each([
  'README.md',
  'LICENSE',
  'Makefile',
  'docker/Dockerfile',
  'gradlew',
  '.gitignore',
  'src/**',
  'src/*',
  's{r,}c',
  'a[b]',
])('%s is a file or a pattern', (pattern) => {
  expect(folderMeant(pattern, [pattern])).toBeUndefined();
});

test('a folder that the list names otherwise too is meant as it is', () => {
  expect(folderMeant('src', ['src', 'src/**'])).toBeUndefined();
  expect(folderMeant('!src', ['!src/**', '!src'])).toBeUndefined();
  expect(folderMeant('src', ['src', '!src/test/**'])).toBe('src/**');
  expect(folderMeant('src', ['src', 'srcs/**'])).toBe('src/**');
});
