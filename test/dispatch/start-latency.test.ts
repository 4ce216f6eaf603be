import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDispatcher } from '../../src/dispatch/dispatcher.js';
import { Secret } from '../../src/secrets/secret.js';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { keepLog } from '../support/harness/log.js';
import { row } from '../support/harness/rows.js';
import { testDatabase } from '../support/postgres.js';
import { tempFolder } from '../support/temp-folder.js';
import { testClient, unique } from '../support/temporal.js';

const HOUR = 3_600_000;

async function onSqlite(work: (store: Store) => Promise<void>): Promise<void> {
  const folder = await tempFolder('latency');
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  await work(store).finally(async () => {
    await store.close();
  });
}

async function onPostgres(work: (store: Store) => Promise<void>): Promise<void> {
  const database = await testDatabase();
  const store = await openPostgresStore({ url: new Secret(database.url), migrate: 'apply' });
  await work(store).finally(async () => {
    await store.close();
    await database.drop();
  });
}

test.each([
  ['SQLite', onSqlite],
  ['Postgres', onPostgres],
])(
  'the latency of a start counts from its delivery, and that of a replay from the replay: %s',
  (_, on) =>
    on(async ({ inbox }) => {
      const client = await testClient();
      const latencies = new Map<string, number>();
      const first = `ci/github/${unique('d')}`;
      const delivery = { ...row([first]), receivedAt: Date.now() - HOUR };
      const latencyOf = async (run: string) => {
        const metrics = { started: (ms: number) => void latencies.set(run, ms), notStarted: () => undefined };
        const { log } = keepLog();
        const dispatcher = createDispatcher({ inbox, client, taskQueue: 'nobody-polls-this', log, metrics });
        dispatcher.start();
        await expect
          .poll(() => latencies.get(run), { timeout: 20_000 })
          .toBeDefined()
          .finally(dispatcher.stop);
        return latencies.get(run) ?? Number.NaN;
      };
      try {
        await inbox.accept(delivery);
        expect(await latencyOf(first)).toBeGreaterThanOrEqual(HOUR);
        const again = `${first}/replay-1`;
        await inbox.startAgain({ deliveryId: delivery.id, starts: [{ workflowId: again, automation: 'ci', part: 0 }] });
        expect(await latencyOf(again)).toBeLessThan(HOUR / 2);
      } finally {
        await client.close();
      }
    }),
  60_000,
);
