import { expect, test } from 'vitest';
import { isImageName } from '../../src/runs/image-name.js';

test.each([
  'node',
  'node:22-bookworm',
  'ghcr.io/acme/build__it:1.0',
  'localhost:5000/a/b-c/d',
  `registry.example.com/build@sha256:${'a'.repeat(64)}`,
  `node:22@sha256:${'0'.repeat(64)}`,
])('%s names an image', (name) => {
  expect(isImageName(name)).toBe(true);
});

test.each([
  '',
  '-v',
  '--privileged',
  'node 22',
  'Node',
  'node:',
  'node:-22',
  'a//b',
  '../a',
  'node@sha256:short',
  'https://ghcr.io/a',
  'a\nb',
  `a${'-a'.repeat(300)}`,
  22,
  undefined,
])('%j names none', (name) => {
  expect(isImageName(name)).toBe(false);
});
