import { expect, test } from 'vitest';
import { isLoopbackHost } from '../../src/http/loopback-host.js';

test.each([
  'localhost',
  'localhost:8233',
  'LOCALHOST:80',
  'ui.localhost:1',
  '127.0.0.1:8233',
  '127.9.8.7',
  '[::1]:8233',
])('the host %s is this machine', (host) => {
  expect(isLoopbackHost(host)).toBe(true);
});

test.each([
  undefined,
  '',
  'evil.example',
  'evil.example:8233',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.example:127.0.0.1',
  'notlocalhost',
  '10.0.0.1:8233',
  '0.0.0.0',
  '[::2]:8233',
])('the host %s is another', (host) => {
  expect(isLoopbackHost(host)).toBe(false);
});
