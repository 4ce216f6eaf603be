import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { deliver, type Sent } from '../support/harness/delivery.js';
import { uniquePush } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
let small: Store;
let receiver: Receiver;

beforeEach(async () => {
  folder = await tempFolder('full');
  small = await openSqliteStore({ path: join(folder, 'store.db'), limits: { fileBytes: 1024 * 1024 } });
  receiver = await startReceiver({ inbox: () => small.inbox });
});
afterEach(async () => {
  await receiver.close();
  await small.close();
});

const large = () => deliver(receiver.url, { body: uniquePush({ filler: 'x'.repeat(100_000) }) });

test('a full disk is answered with 503, keeps what was answered before, and takes deliveries again when there is room', async () => {
  const stored: Sent[] = [];
  let refused: Sent | undefined;
  for (let i = 0; i < 20 && !refused; i += 1) {
    const sent = await large();
    if (sent.status === 202) stored.push(sent);
    else refused = sent;
  }
  expect(stored.length).toBeGreaterThan(0);
  expect(refused?.status).toBe(503);
  expect(refused?.headers.get('retry-after')).toBe('5');
  expect((await large()).status).toBe(503);
  for (const { body } of stored) expect(await small.inbox.find(body.delivery ?? '')).toBeDefined();
  // The dispatches are settled, so that nothing keeps the deliveries.
  const claimed = await small.inbox.claim({ limit: 100, leaseMs: 1_000 });
  await small.inbox.settle(claimed.map(({ id }) => ({ id, outcome: 'done' })));
  expect(await small.inbox.prune({ before: Date.now() + 1, limit: 100 })).toBe(stored.length);
  expect((await large()).status).toBe(202);
});
