import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { type Store, StoreDamagedError } from '../../src/store/store.js';
import { type TestDatabase, testDatabase } from '../support/postgres.js';
import { aDelivery } from './a-delivery.js';

let database: TestDatabase;
let store: Store;
beforeEach(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ url: database.url, migrate: 'apply' });
});
afterEach(async () => {
  await store.close();
  await database.drop();
});

async function run(sql: string): Promise<void> {
  const client = new Client(database.url);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

test('once Postgres says that its data is corrupted, nothing is written any more, and what can be read is', async () => {
  await store.inbox.accept(aDelivery('before'));
  await run(`
    CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'invalid page in block 7 of relation base/16384/16396' USING ERRCODE = 'XX001'; END $$;
    CREATE TRIGGER broken BEFORE INSERT ON hookyard_bodies EXECUTE FUNCTION broken()`);
  await expect(store.inbox.accept(aDelivery('broken'))).rejects.toThrow(StoreDamagedError);
  await run('DROP TRIGGER broken ON hookyard_bodies');
  await expect(store.inbox.accept(aDelivery('after'))).rejects.toThrow('invalid page in block 7');
  const callback = { id: 's', workflowId: 'w', signal: 'done', payload: {} };
  await expect(store.inbox.signal(callback)).rejects.toThrow(StoreDamagedError);
  expect(await store.damaged).toMatchObject({ because: expect.stringContaining('XX001') });
  expect((await store.inbox.list({ limit: 10 })).map(({ key }) => key)).toEqual(['before']);
});
