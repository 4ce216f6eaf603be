import { expect, test } from 'vitest';
import { keptHeaders } from '../../src/intake/kept-headers.js';

test('stored headers hold nothing that may be secret', () => {
  const secrets = {
    authorization: 'Bearer x',
    cookie: 'x',
    'proxy-authorization': 'x',
    'x-hub-signature': 'x',
    'x-hub-signature-256': 'x',
    'x-gitlab-token': 'x',
    'x-api-key': 'x',
    'webhook-signature': 'x',
    'x-my-secret': 'x',
    'x-password': 'x',
  };
  expect(new Set(Object.values(keptHeaders(secrets)))).toEqual(new Set(['[redacted]']));
  expect(keptHeaders({ 'x-github-event': 'push' })).toEqual({ 'x-github-event': 'push' });
});

test('stored headers are bounded in number and size', () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'v'.repeat(9_000)]));
  expect(JSON.stringify(keptHeaders(many)).length).toBeLessThan(80_000);
});
