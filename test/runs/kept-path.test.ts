import { expect, test } from 'vitest';
import { inWorkspace, problemOfKeptPath } from '../../src/runs/kept-path.js';

test.each([
  '',
  '.',
  './',
  '~/',
  '..',
  '../x',
  'a/../../x',
  '~/..',
  '/etc',
  '//etc',
  '.git',
  'a/.git/hooks',
  '.GIT/config',
  'a\\b',
  'a\0b',
  'a\nb',
  'a'.repeat(301),
])('what could lead out of the workspace, or into git, has a problem: %j', (path) => {
  expect(problemOfKeptPath(path)).toBeTypeOf('string');
});

test.each([
  ['node_modules', 'src/node_modules'],
  ['./a//b/', 'src/a/b'],
  ['~/.npm', 'home/.npm'],
  ['.gitignore', 'src/.gitignore'],
  ['a..b', 'src/a..b'],
  ['~x', 'src/~x'],
])('%s is %s in the workspace', (path, below) => {
  expect(problemOfKeptPath(path)).toBeUndefined();
  expect(inWorkspace(path)).toBe(below);
});
