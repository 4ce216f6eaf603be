import { expect, test } from 'vitest';
import { beginsWithin } from '../../../src/cli/client/request.js';

const MINUTE_MS = 60_000;

test('a file is waited for by its size: a server may have to bring it from a bucket first, and checks it', () => {
  expect(beginsWithin(0)).toBe(MINUTE_MS);
  expect(beginsWithin(1024 ** 3)).toBeGreaterThan(30 * MINUTE_MS);
});
