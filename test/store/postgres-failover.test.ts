import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, expect, inject, test, vi } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { type Store, StoreUnavailableError } from '../../src/store/store.js';
import { startPostgres, type TestServer } from '../support/postgres-server.js';
import { aDelivery } from './a-delivery.js';

let server: TestServer | undefined;
let store: Store | undefined;
afterEach(async () => {
  await store?.close();
  await server?.stop();
  server = undefined;
  store = undefined;
});

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
}

test('nothing is kept by way of a standby, nor read there, and the store goes on when it is one no longer', async () => {
  server = await startPostgres(inject('postgres').binaries);
  const { url } = server;
  store = await openPostgresStore({ url, migrate: 'apply' });
  const { inbox } = store;
  await inbox.accept(aDelivery('before'));

  const [where] = await ask(url, 'SHOW data_directory');
  await server.crash();
  const signal = join(String(where?.data_directory), 'standby.signal');
  await writeFile(signal, '');
  await chmod(signal, 0o666);
  await server.restart();
  expect(await ask(url, 'SELECT pg_is_in_recovery() AS standby')).toEqual([{ standby: true }]);
  await vi.waitFor(() => expect(inbox.accept(aDelivery('meanwhile'))).rejects.toThrow('takes no writes'), {
    timeout: 10_000,
  });
  await expect(inbox.find('before')).rejects.toBeInstanceOf(StoreUnavailableError);
  await expect(openPostgresStore({ url, migrate: 'check', limits: { openMs: 0 } })).rejects.toThrow('takes no writes');

  await ask(url, 'SELECT pg_promote()');
  expect(await inbox.accept(aDelivery('meanwhile'))).toEqual({ stored: true });
  expect(await inbox.find('before')).toBeDefined();
});
