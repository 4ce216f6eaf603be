import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listDeliveries } from '../../src/server/api/deliveries.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { row } from '../support/harness/rows.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
let store: Store;
const ids: string[] = [];

beforeAll(async () => {
  folder = await tempFolder('pages');
  store = await openSqliteStore({ path: join(folder, 'store.db') });
  for (const receivedAt of [100, 200, 200, 200, 200, 200, 300, 400]) {
    const delivery = { ...row([]), receivedAt };
    ids.push(delivery.id);
    await store.inbox.accept(delivery);
  }
});
afterAll(async () => {
  await store.close();
});

test.each([1, 2, 3, 4, 7, 8, 9])(
  'pages of %i show every delivery once, however many came within one millisecond',
  async (limit) => {
    const shown: string[] = [];
    let before: number | undefined;
    do {
      const page = await listDeliveries(store.inbox, { limit, before });
      shown.push(...page.deliveries.map(({ id }) => id));
      before = 'next' in page ? page.next : undefined;
    } while (before !== undefined);
    expect(shown).toEqual(ids.toReversed());
  },
);
