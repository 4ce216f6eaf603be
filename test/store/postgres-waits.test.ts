import { expect, test, vi } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { comment } from '../../src/triggers/index.js';
import { testDatabase } from '../support/postgres.js';
import { aComment } from '../waits/an-event.js';
import { aDelivery } from './a-delivery.js';
import { describeWaits } from './waits-conformance.js';

describeWaits('Postgres', async () => {
  const database = await testDatabase();
  const store = await openPostgresStore({ url: database.url, migrate: 'apply' });
  return { store, remove: () => database.drop() };
});

test.each([3_600_000, -3_600_000])(
  "Postgres knows by its own clock when Temporal was asked about a run that waits, though a process's is %d ms ahead",
  async (aheadMs) => {
    const { url, drop } = await testDatabase();
    const store = await openPostgresStore({ url, migrate: 'apply' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + aheadMs });
    try {
      const about = { kind: 'pull-request', number: 7 } as const;
      const wait = { id: 'w1', workflowId: 'w', runId: 'r', title: 'x', on: [comment()], about, until: Date.now() };
      const after = { deliveryId: 'none', receivedAt: 0 };
      await store.waits.open({ ...wait, after, source: 'hub', repository: '1' });
      const asked = (byMs: number) => store.waits.toAskAbout({ limit: 5, before: Date.now() + byMs });
      expect([await asked(-60_000), await asked(60_000), await asked(-60_000)]).toEqual([[], ['w'], []]);
      const isOpen = async () => (await store.waits.list({ limit: 1, workflowId: 'w' })).length > 0;
      await store.waits.closeAll({ workflowIds: ['w'], before: Date.now() - 60_000 });
      expect(await isOpen()).toBe(true);
      await store.waits.closeAll({ workflowIds: ['w'], before: Date.now() + 60_000 });
      expect(await isOpen()).toBe(false);
    } finally {
      vi.useRealTimers();
      await store.close();
      await drop();
    }
  },
);

test('Postgres gives a run every event once while several servers store deliveries and look at waits at once', async () => {
  const { url, drop } = await testDatabase();
  const stores = await Promise.all(Array.from({ length: 3 }, () => openPostgresStore({ url, migrate: 'apply' })));
  const [first] = stores;
  if (!first) throw new Error('no store');
  const numbers = Array.from({ length: 150 }, (_, i) => String(i));
  const said = (body: string, id: string): HookyardEvent =>
    aComment({ deliveryId: id, comment: { id, body, author: 'a' } });
  try {
    const storing = Promise.all(
      numbers.map((n, i) => {
        const { id, ...delivery } = aDelivery(n, { verdicts: [] });
        return stores[i % 3]?.inbox.accept({ ...delivery, id, events: [said(n, id)] });
      }),
    );
    const got: string[] = [];
    let after: { deliveryId: string; receivedAt: number; inclusive?: true } = { deliveryId: 'none', receivedAt: 0 };
    for (let n = 0; n < numbers.length; n++) {
      const [id, until] = [`w${n}`, Date.now() + 3_600_000];
      const about = { kind: 'pull-request', number: 7 } as const;
      const wait = { id, workflowId: 'w', runId: 'r', title: 'x', on: [comment()], about, until, after };
      await first.waits.open({ ...wait, source: 'hub', repository: '1' });
      const isOpen = async () => (await first.waits.list({ limit: 1, workflowId: 'w' })).length > 0;
      for (const end = Date.now() + 60_000; Date.now() < end && (await isOpen()); )
        await Promise.all(stores.map((store) => store.waits.look({ source: 'hub', repository: '1' })));
      const given = await first.waits.close(id);
      if (given?.event.kind !== 'comment') break;
      got.push(given.event.comment.body);
      after = { deliveryId: given.event.deliveryId, receivedAt: 0, inclusive: true };
    }
    await storing;
    expect(got.toSorted()).toEqual(numbers.toSorted());
  } finally {
    await Promise.all(stores.map((store) => store.close()));
    await drop();
  }
}, 180_000);
