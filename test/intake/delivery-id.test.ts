import { expect, test } from 'vitest';
import { deliveryId } from '../../src/intake/delivery-id.js';

test('a delivery id is the same each time, and another for another source or key', () => {
  expect(deliveryId('github', 'k')).toMatch(/^d[0-9a-f]{24}$/);
  expect(deliveryId('github', 'k')).toBe(deliveryId('github', 'k'));
  expect(new Set([deliveryId('a', 'bc'), deliveryId('ab', 'c'), deliveryId('a', 'b')]).size).toBe(3);
});
