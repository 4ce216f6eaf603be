import { afterEach, expect, test, vi } from 'vitest';
import {
  rememberBeside,
  rememberConfigured,
  rememberIssued,
  rememberRotated,
} from '../../src/secrets/known-secrets.js';
import { createMask, maskKnown, maskOf } from '../../src/secrets/mask.js';
import { Secret } from '../../src/secrets/secret.js';

afterEach(() => {
  vi.useRealTimers();
});

test('what was configured or issued is hidden from then on; by masks that were made before, what was issued', () => {
  const before = maskOf([new Secret('canary-of-the-configuration')]);
  expect(before('<canary-issued-known-1>')).toBe('<canary-issued-known-1>');
  rememberConfigured(['canary-configured-known-1']);
  rememberIssued('token', 'canary-issued-known-1');
  expect(maskKnown('canary-configured-known-1, canary-issued-known-1')).toBe('***, ***');
  expect(before('canary-of-the-configuration, canary-issued-known-1')).toBe('***, ***');
  expect(before('canary-issued-known-1, canary-of-the-configuration')).toBe('***, ***');
  expect(before('(canary-issued-known-1, canary-of-the-configuration)')).toBe('(***, ***)');
});

test('what libraries take from the environment is hidden by every mask, also by one that was made before', () => {
  const masks = [maskKnown, maskOf([new Secret('canary-of-an-activity')]), createMask([new Secret('canary-of-a-job')])];
  rememberBeside(['canary-beside-known-1', 'canary-beside-known-2']);
  rememberBeside(['canary-beside-known-1']);
  for (const mask of masks) {
    expect(mask('<canary-beside-known-1, canary-beside-known-2>')).toBe('<***, ***>');
    expect(mask(Buffer.from('canary-beside-known-1').toString('base64'))).toBe('***');
  }
});

test('of tokens that were issued, the newest 1,000 are known; what was configured is never forgotten', () => {
  rememberConfigured(['canary-configured-known-2']);
  for (let i = 0; i < 2_500; i++) {
    rememberIssued('token', `${i}-canary-issued-token`);
    rememberIssued('token', 'canary-issued-in-use');
  }
  expect(maskKnown('canary-configured-known-2')).toBe('***');
  expect(maskKnown('canary-issued-in-use')).toBe('***');
  for (let i = 1_500; i < 2_500; i++) expect(maskKnown(`<${i}-canary-issued-token>`)).toBe('<***>');
  expect(maskKnown('<0-canary-issued-token>')).toBe('<0-canary-issued-token>');
});

test('of a signed token its signature is hidden, without which it is none', () => {
  const token = `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.${'s1gnature'.repeat(5)}`;
  rememberIssued('token', token);
  expect(maskKnown(`bearer ${token}`)).toBe('bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.***');
});

test('however many ID tokens are issued, what the configuration holds and tokens of APIs stay known', () => {
  rememberRotated('secrets.npm', 'canary-rotated-npm');
  rememberRotated('secrets.npm', 'canary-rotated-npm-anew');
  rememberIssued('token', 'canary-token-of-an-api');
  rememberIssued('link', 'canary-token-of-a-link');
  for (let i = 0; i < 3_000; i++) rememberIssued('idToken', `eyJh.eyJp.${i}-canary-signature-of-a-token`);
  expect(maskKnown('canary-rotated-npm, canary-rotated-npm-anew')).toBe('***, ***');
  expect(maskKnown('canary-token-of-an-api, canary-token-of-a-link')).toBe('***, ***');
  expect(maskKnown('2999-canary-signature-of-a-token')).toBe('***');
});

test('what a secret is now stays known however often others are replaced, and of each the last 20', () => {
  rememberRotated('secrets.seldom', 'canary-seldom-replaced');
  for (let i = 0; i < 200; i++) rememberRotated('secrets.often', `${i}-canary-often-replaced`);
  expect(maskKnown('canary-seldom-replaced')).toBe('***');
  for (let i = 180; i < 200; i++) expect(maskKnown(`<${i}-canary-often-replaced>`)).toBe('<***>');
  expect(maskKnown('<9-canary-often-replaced>')).toBe('<9-canary-often-replaced>');
});

test('a value that a secret has again counts as its newest', () => {
  rememberRotated('secrets.back', 'canary-first-and-again');
  for (let i = 0; i < 100; i++) {
    rememberRotated('secrets.back', `${i}-canary-in-between`);
    rememberRotated('secrets.back', 'canary-first-and-again');
  }
  expect(maskKnown('canary-first-and-again')).toBe('***');
});

test('tokens are known until their end, and forgotten once all that came with them have ended', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 400 * 86_400_000 });
  const [minutes, now] = [60_000, Date.now()];
  rememberIssued('idToken', 'canary-ends-soon-0123', now + 10 * minutes);
  rememberIssued('idToken', 'canary-ends-late-0123', now + 60 * minutes);
  vi.setSystemTime(now + 59 * minutes);
  rememberIssued('idToken', 'canary-comes-later-01', now + 69 * minutes);
  expect(maskKnown('canary-ends-late-0123')).toBe('***');
  vi.setSystemTime(now + 70 * minutes);
  rememberIssued('idToken', 'canary-comes-last-012', now + 80 * minutes);
  expect(maskKnown('canary-ends-late-0123 canary-comes-last-012')).toBe('canary-ends-late-0123 ***');
});
