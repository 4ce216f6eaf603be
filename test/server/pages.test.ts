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

test('deliveries of a time are listed alone, page by page, however they are searched', async () => {
  const receivedAt = async (query: object) => {
    const { deliveries, next } = await listDeliveries(store.inbox, { limit: 50, ...query });
    return [deliveries.map((one) => one.receivedAt), next];
  };
  expect(await receivedAt({ since: 300 })).toEqual([[400, 300], undefined]);
  expect(await receivedAt({ until: 200 })).toEqual([[100], undefined]);
  expect(await receivedAt({ since: 201, until: 400 })).toEqual([[300], undefined]);
  expect(await receivedAt({ since: 300, limit: 1 })).toEqual([[400], 400]);
  expect(await receivedAt({ since: 300, limit: 1, before: 400 })).toEqual([[300], undefined]);
  expect(await receivedAt({ since: 500 })).toEqual([[], undefined]);
  expect(await receivedAt({ since: 300, event: 'push' })).toEqual([[400, 300], undefined]);
});

test('a delivery is found by its id or key at once, also among more than a search looks through', async () => {
  const many = await openSqliteStore({ path: join(await tempFolder('named'), 'store.db') });
  try {
    const first = { ...row([]), receivedAt: 5, key: '7E3A1C52-0000-4000-8000-00000000ABCD' };
    const elsewhere = { ...row([]), source: 'other', receivedAt: 7, key: first.key };
    await many.inbox.accept(first);
    await many.inbox.accept(elsewhere);
    await Promise.all(Array.from({ length: 2_300 }, (_, at) => many.inbox.accept({ ...row([]), receivedAt: 10 + at })));
    const found = async (query: object) =>
      (await listDeliveries(many.inbox, { limit: 10, ...query })).deliveries.map(({ id }) => id);
    expect(await found({ text: first.id })).toEqual([first.id]);
    expect(await found({ text: first.id.toUpperCase() })).toEqual([first.id]);
    expect(await found({ text: first.key })).toEqual([elsewhere.id, first.id]);
    expect(await found({ text: first.key, source: 'other' })).toEqual([elsewhere.id]);
    expect(await found({ text: first.key, since: 6 })).toEqual([elsewhere.id]);
    expect(await found({ text: first.key, event: 'no-such-event' })).toEqual([]);
    // Who pages through it all finds it where it lies.
    const later = await listDeliveries(many.inbox, { limit: 10, text: first.id, before: 2_000 });
    expect(later.deliveries).toEqual([expect.objectContaining({ id: first.id })]);
  } finally {
    await many.close();
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
