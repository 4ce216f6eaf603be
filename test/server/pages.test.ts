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

test('a repository is found among as many deliveries of others as a search looks through', async () => {
  const other = await openSqliteStore({ path: join(await tempFolder('repositories'), 'store.db') });
  const of = (fullName: string) => {
    const delivery = row([]);
    const events = delivery.events.map((event) =>
      event.kind === 'push' ? { ...event, repository: { ...event.repository, fullName } } : event,
    );
    return other.inbox.accept({ ...delivery, events });
  };
  try {
    await of('Ada/Quiet');
    await Promise.all(Array.from({ length: 2_100 }, () => of('ada/busy')));
    const found = await listDeliveries(other.inbox, { limit: 10, repository: 'ada/quiet' });
    expect(found).toEqual({ deliveries: [expect.objectContaining({ events: [expect.anything()] })] });
    const busy = await listDeliveries(other.inbox, { limit: 10, repository: 'ada/busy' });
    expect(busy.deliveries.length).toBeGreaterThan(0);
    expect(await listDeliveries(other.inbox, { limit: 10, repository: 'ada/none' })).toEqual({ deliveries: [] });
  } finally {
    await other.close();
  }
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
