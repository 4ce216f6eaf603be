import { expect, test } from 'vitest';
import { checkJobOptions } from '../../../src/workflows/kit/job-options.js';

const check = (more: object) => () => checkJobOptions({ name: 'test', steps: ['true'], ...more });

test.each([
  { runner: 'host' },
  { runner: 'sandbox', network: true },
  { runner: 'container' },
  { runner: { image: 'node:22' }, network: false },
  { runner: { image: 'ghcr.io/acme/build:1', registry: 'ghcr' } },
])('runJob takes %j', (more) => {
  expect(check(more)).not.toThrow();
});

test.each([
  { runner: 'docker' },
  { runner: {} },
  { runner: { image: '--privileged' } },
  { runner: { image: 'node:22', registry: 1 } },
  { runner: { image: 'node:22', volumes: ['/'] } },
  { runner: null },
])('runJob refuses %j, and says what it takes', (more) => {
  expect(check(more)).toThrow(/"runner" must be 'host', 'sandbox', 'container' or \{ image: 'node:22' \}, not /);
});

test.each([{ network: 'own' }, { trust: 1 }])('runJob refuses %j', (more) => {
  expect(check(more)).toThrow(/must be true or false/);
});
