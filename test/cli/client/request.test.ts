import { expect, test } from 'vitest';
import { beginsWithin, request } from '../../../src/cli/client/request.js';
import { startServer } from '../../support/harness/http-server.js';

const MINUTE_MS = 60_000;

test('a file is waited for by its size: a server may have to bring it from a bucket first, and checks it', () => {
  expect(beginsWithin(0)).toBe(MINUTE_MS);
  expect(beginsWithin(1024 ** 3)).toBeGreaterThan(30 * MINUTE_MS);
});

test('a server that takes long is not taken for one that is not there', async () => {
  const server = await startServer(() => 'hang');
  try {
    await expect(request(`${server.url}/api/runs`, { method: 'GET' }, 100)).rejects.toThrow(
      `${server.url} has not answered within 0.1 s: it is busy`,
    );
  } finally {
    await server.close();
  }
});
