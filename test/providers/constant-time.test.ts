import { expect, test } from 'vitest';
import { anySecret, isSame } from '../../src/providers/constant-time.js';
import { Secret } from '../../src/secrets/secret.js';

test('an empty secret passes for nothing, whatever is given', () => {
  expect(anySecret([new Secret('')], () => true)).toBe(false);
  expect(anySecret([new Secret(''), new Secret('x')], (secret) => isSame('x', secret))).toBe(true);
});
