import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { type Store, StoreUnavailableError } from '../../src/store/store.js';
import { startPostgres, type TestServer } from '../support/postgres-server.js';
import { aDelivery } from './a-delivery.js';

// A server of its own: what is set here is set for everybody on it.
let server: TestServer;
let admin: Client;
beforeAll(async () => {
  server = await startPostgres(inject('postgres').binaries);
  admin = new Client({ connectionString: server.url });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await server?.stop();
});

let url: string;
let store: Store | undefined;
beforeEach(async () => {
  await admin.query('CREATE DATABASE one');
  url = server.url.replace(/postgres$/, 'one');
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  await admin.query('DROP DATABASE one WITH (FORCE)');
});

const open = () => openPostgresStore({ url, migrate: 'apply', limits: { connections: 1, openMs: 0 } });
const cut = () => admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'one'`);

/** Resolves when new connections have it, and those that are there have been told. */
async function set(name: string, value: 'on' | 'off'): Promise<void> {
  await admin.query(`ALTER SYSTEM SET ${name} = ${value}`);
  await admin.query('SELECT pg_reload_conf()');
  await vi.waitFor(
    async () => {
      const fresh = new Client({ connectionString: server.url });
      await fresh.connect();
      const { rows } = await fresh.query(`SHOW ${name}`).finally(() => fresh.end());
      expect(rows).toEqual([{ [name]: value }]);
    },
    { timeout: 10_000 },
  );
}

test('a connection that was made while the server took no writes is not kept', async () => {
  store = await open();
  await store.inbox.accept(aDelivery('before'));
  // What a standby looks like to those who connect to it. A session keeps what the database says at its beginning.
  await admin.query('ALTER DATABASE one SET default_transaction_read_only = on');
  await cut();
  const { inbox } = store;
  await vi.waitFor(() => expect(inbox.accept(aDelivery('a'))).rejects.toThrow('takes no writes'), { timeout: 10_000 });
  await expect(inbox.find('before')).rejects.toBeInstanceOf(StoreUnavailableError);
  await expect(open()).rejects.toThrow('takes no writes');
  await admin.query('ALTER DATABASE one RESET default_transaction_read_only');
  expect(await inbox.accept(aDelivery('b'))).toEqual({ stored: true });
  expect(await inbox.find('before')).toBeDefined();
});

test('a connection whose server has become one that takes no writes is given up', async () => {
  store = await open();
  await store.inbox.accept(aDelivery('before'));
  const connections = async () =>
    (await admin.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE datname = 'one'`)).rows;
  const [first] = await connections();
  expect(first).toBeDefined();
  await set('default_transaction_read_only', 'on');
  try {
    const refused = await store.inbox.accept(aDelivery('a')).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreUnavailableError);
    expect(String(refused)).toContain('25006');
    await vi.waitFor(async () => expect(await connections()).not.toContainEqual(first), { timeout: 10_000 });
  } finally {
    await set('default_transaction_read_only', 'off');
  }
  expect(await store.inbox.accept(aDelivery('b'))).toEqual({ stored: true });
});

test('a server that does not wait for the disk is refused in words', async () => {
  await set('fsync', 'off');
  try {
    await expect(open()).rejects.toThrow('fsync = off');
  } finally {
    await set('fsync', 'on');
  }
  store = await open();
});
