import { expect, test } from 'vitest';
import { isOwnBranch, type Origin } from '../../src/providers/own-branch.js';

test.each<Origin>([
  { ref: 'more', head: ['7'], base: '7' },
  { ref: 'refs/heads/more', head: ['7'], base: '7' },
  { ref: 'my/refs/pull/9', head: ['7', '7'], base: '7' },
  { ref: 'more', head: ['10'], base: '10' },
  { ref: 'more', head: ['a-1'], base: 'a-1' },
  { ref: 'more', head: ['acme/shop0'], base: 'acme/shop0' },
  { ref: 'more', head: ['0c77-11'], base: '0c77-11' },
  { ref: 'more', head: ['-1a'], base: '-1a' },
])('$ref of $head is a branch of $base', (origin) => {
  expect(isOwnBranch(origin)).toBe(true);
});

test.each<Origin>([
  { ref: 'more', head: ['8'], base: '7' },
  { ref: 'more', head: ['7', '8'], base: '7' },
  { ref: 'more', head: ['8', '7'], base: '7' },
  { ref: 'more', head: ['7', undefined], base: '7' },
  { ref: 'more', head: [], base: '7' },
  { ref: 'more', head: [null], base: null },
  { ref: 'more', head: [undefined], base: undefined },
  { ref: 'more', head: [''], base: '' },
  { ref: 'more', head: ['0'], base: '0' },
  { ref: 'more', head: ['000'], base: '000' },
  { ref: 'more', head: ['-1'], base: '-1' },
  { ref: 'more', head: ['-12'], base: '-12' },
  { ref: 'refs/pull/9/head', head: ['7'], base: '7' },
  { ref: 'refs/tags/v1', head: ['7'], base: '7' },
  { ref: 'refs/for/refs/heads/main', head: ['7'], base: '7' },
])('$ref of $head is not known to be a branch of $base', (origin) => {
  expect(isOwnBranch(origin)).toBe(false);
});
