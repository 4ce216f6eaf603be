import { afterEach, expect, inject, test, vi } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { StoreUnavailableError } from '../../src/store/store.js';
import { startPostgres, type TestServer } from '../support/postgres-server.js';
import { aDelivery } from './a-delivery.js';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

test('a database that crashes has everything that was answered, and the store goes on when it is back', async () => {
  const running = await startPostgres(inject('postgres').binaries);
  server = running;
  const store = await openPostgresStore({ url: running.url, migrate: 'apply' });
  try {
    const answered: string[] = [];
    let enough: () => void = () => undefined;
    const someAreIn = new Promise<void>((resolve) => {
      enough = resolve;
    });
    /** Sends until the first refusal, and answers why. */
    const send = async (sender: number): Promise<unknown> => {
      for (let n = 0; ; n++) {
        const key = `${sender}-${n}`;
        try {
          await store.inbox.accept(aDelivery(key));
        } catch (error) {
          return error;
        }
        if (answered.push(key) === 300) enough();
      }
    };
    const refusals = Promise.all(Array.from({ length: 20 }, (_, sender) => send(sender)));
    await someAreIn;
    await running.crash();
    for (const refusal of await refusals) expect(refusal).toBeInstanceOf(StoreUnavailableError);
    await expect(store.inbox.backlog()).rejects.toBeInstanceOf(StoreUnavailableError);

    // Opened while it is away: waits.
    const early = openPostgresStore({ url: running.url, migrate: 'check' });
    await running.restart();
    const other = await early;
    const keys = new Set((await other.inbox.list({ limit: 100_000 })).map(({ key }) => key));
    await other.close();
    expect(answered.filter((key) => !keys.has(key))).toEqual([]);
    await vi.waitFor(() => store.inbox.accept(aDelivery('after')), { timeout: 10_000 });
    expect(await store.inbox.find('after')).toBeDefined();
  } finally {
    await store.close();
  }
});
