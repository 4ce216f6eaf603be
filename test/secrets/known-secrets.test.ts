import { expect, test } from 'vitest';
import { rememberConfigured, rememberIssued } from '../../src/secrets/known-secrets.js';
import { maskKnown, maskOf } from '../../src/secrets/mask.js';
import { Secret } from '../../src/secrets/secret.js';

test('what was configured or issued is hidden from then on; by masks that were made before, what was issued', () => {
  const before = maskOf([new Secret('canary-of-the-configuration')]);
  expect(before('<canary-issued-known-1>')).toBe('<canary-issued-known-1>');
  rememberConfigured(['canary-configured-known-1']);
  rememberIssued('canary-issued-known-1');
  expect(maskKnown('canary-configured-known-1, canary-issued-known-1')).toBe('***, ***');
  expect(before('canary-of-the-configuration, canary-issued-known-1')).toBe('***, ***');
  expect(before('canary-issued-known-1, canary-of-the-configuration')).toBe('***, ***');
  expect(before('(canary-issued-known-1, canary-of-the-configuration)')).toBe('(***, ***)');
});

test('of tokens that were issued, the newest 1,000 are known; what was configured is never forgotten', () => {
  rememberConfigured(['canary-configured-known-2']);
  for (let i = 0; i < 2_500; i++) {
    rememberIssued(`${i}-canary-issued-token`);
    rememberIssued('canary-issued-in-use');
  }
  expect(maskKnown('canary-configured-known-2')).toBe('***');
  expect(maskKnown('canary-issued-in-use')).toBe('***');
  for (let i = 1_500; i < 2_500; i++) expect(maskKnown(`<${i}-canary-issued-token>`)).toBe('<***>');
  expect(maskKnown('<0-canary-issued-token>')).toBe('<0-canary-issued-token>');
});

test('of a signed token its signature is hidden, without which it is none', () => {
  const token = `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.${'s1gnature'.repeat(5)}`;
  rememberIssued(token);
  expect(maskKnown(`bearer ${token}`)).toBe('bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.***');
});
