import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client as Postgres } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { DeliveryRecord, Inbox, Store } from '../../src/store/store.js';
import { push } from '../../src/triggers/index.js';
import { placeOf } from '../../src/waits/about.js';
import { openPlace, type Place } from '../support/harness/place.js';
import { type HookyardProcess, startHookyard } from '../support/harness/process.js';
import { type TestDatabase, testDatabase } from '../support/postgres.js';
import { temporalAddress, testClient, unique } from '../support/temporal.js';

/**
 * What version 2da359e stored is served by this code. Its receiver took real signed deliveries of GitHub and Bitbucket Cloud
 * into both kinds of store: started, failed, waiting, repeated, ignored, of several refs; beside them a signal that waits,
 * logs, synced records and outbound attempts. `stored/` holds the SQLite file, a dump of the Postgres database, and what that
 * version itself read from each.
 */
interface Expected {
  readonly deliveries: readonly DeliveryRecord[];
  readonly bodies: Readonly<Record<string, string>>;
  readonly backlog: Awaited<ReturnType<Inbox['backlog']>>;
  readonly failed: readonly string[];
  readonly logs: readonly { readonly text: string }[];
  readonly jobs: readonly string[];
  readonly run: string;
}

const here = join(packageRoot, 'test/compat');
const stored = (name: string) => readFile(join(here, 'stored', name));
const sources = `{
  github: { kind: 'github', secrets: [env('HOOK_SECRET')] },
  cloud: { kind: 'bitbucket-cloud', secrets: [env('HOOK_SECRET')] },
}`;

let client: Awaited<ReturnType<typeof testClient>>;
beforeAll(async () => {
  client = await testClient();
});
afterAll(() => client.close());

let place: Place;
let server: HookyardProcess | undefined;
let database: TestDatabase | undefined;
beforeEach(async () => {
  // What is stored here is as old as this test.
  place = await openPlace({ sources, more: 'inbox: { keepDays: 100_000 },' });
});
afterEach(async () => {
  await server?.kill('SIGKILL');
  await database?.drop();
  server = undefined;
  database = undefined;
});

const dataFolder = () => String(place.env.HOOKYARD_DATA);

const serve = async (env: Record<string, string>) => {
  const data = dataFolder();
  const more = { TEMPORAL_ADDRESS: temporalAddress(), HOOKYARD_TASK_QUEUE: unique('compat'), ...env };
  server = await startHookyard(['server'], { data, env: { ...place.env, HOOKYARD_PORT: '0', ...more } });
  return server.url;
};

async function api<T>(url: string, path: string, method = 'GET'): Promise<T> {
  const headers = { authorization: `Bearer ${place.env.HOOKYARD_API_TOKEN}` };
  const answer = await fetch(`${url}/api/${path}`, { method, headers });
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

/**
 * Everything but how far a delivery's runs are, those that waited are started as soon as a server is there, and its headers, which
 * are shown with its content alone.
 */
const lasting = ({ dispatches, headers: _, ...rest }: DeliveryRecord) => ({
  ...rest,
  dispatches: dispatches.map(({ workflowId, automation }) => ({ workflowId, automation })),
});

async function isServed(url: string, expected: Expected): Promise<void> {
  const { deliveries } = await api<{ deliveries: DeliveryRecord[] }>(url, 'deliveries?limit=100');
  expect(deliveries.map(lasting)).toEqual(expected.deliveries.map(lasting));
  for (const { id, headers } of expected.deliveries)
    expect(await api(url, `deliveries/${id}?content=true`)).toMatchObject({ content: { headers } });
  const ids = expected.deliveries.flatMap(({ dispatches }) => dispatches.map(({ workflowId }) => workflowId));
  const [failed = ''] = expected.failed;
  const broken = expected.deliveries
    .find(({ id }) => id === failed)
    ?.dispatches.find(({ state }) => state === 'failed');
  for (const workflowId of ids) {
    if (workflowId === broken?.workflowId || workflowId === expected.run) continue;
    await expect
      .poll(
        () =>
          client.workflow
            .getHandle(workflowId)
            .describe()
            .then(
              (run) => run.status.name,
              () => undefined,
            ),
        { timeout: 30_000 },
      )
      .toBe('RUNNING');
  }
  const found = await api<DeliveryRecord>(url, `deliveries/${failed.slice(0, 12)}`);
  expect(found.dispatches).toContainEqual(expect.objectContaining({ state: 'failed', error: broken?.error }));
  expect(await api(url, `deliveries/${found.key}`)).toMatchObject({ id: failed });
  const replayed = await api<{ runs: string[] }>(url, `deliveries/${failed}/replay?automation=docs`, 'POST');
  expect(replayed.runs).toEqual([`${broken?.workflowId}/replay-1`]);
  const logs = new URLSearchParams({ run: expected.run, job: 'ci', limit: '10' });
  expect(await api(url, `logs?${logs}`)).toEqual({ jobs: expected.jobs, lines: expected.logs });
}

/** A run that waits gets what the version before stored, though that knew of no waits. */
async function isWaitedFor(store: Store, { deliveries }: Expected): Promise<void> {
  try {
    const [pushed] = deliveries.filter(({ events }) => events[0]?.kind === 'push').slice(-1);
    const place = pushed?.events[0] && placeOf(pushed.events[0]);
    if (!place) throw new Error('the version before stored no push');
    const after = { deliveryId: '', receivedAt: 0 };
    const who = { id: 'w', workflowId: 'stale/1', runId: 'r', title: 'a push' };
    await store.waits.open({ ...place, ...who, on: [push()], about: { kind: 'repository' }, until: Date.now(), after });
    await store.waits.look(place);
    expect((await store.waits.given('w'))?.event).toEqual(pushed?.events[0]);
  } finally {
    await store.close();
  }
}

test('what the version before stored in a SQLite file is opened and served', async () => {
  const expected = JSON.parse(String(await stored('sqlite.json'))) as Expected;
  await mkdir(dataFolder());
  await writeFile(join(dataFolder(), 'hookyard.db'), gunzipSync(await stored('store.db.gz')), { mode: 0o600 });
  await isServed(await serve({}), expected);
  await server?.kill('SIGKILL');
  await isWaitedFor(await openSqliteStore({ path: join(dataFolder(), 'hookyard.db') }), expected);
}, 180_000);

test('what the version before stored in Postgres is served after hookyard migrate', async () => {
  const expected = JSON.parse(String(await stored('postgres.json'))) as Expected;
  database = await testDatabase();
  const postgres = new Postgres({ connectionString: database.url });
  await postgres.connect();
  await postgres.query(String(await stored('postgres.sql'))).finally(() => postgres.end());
  const env = { DATABASE_URL: database.url };
  expect((await place.hookyard(['migrate'], env)).code).toBe(0);
  await isServed(await serve(env), expected);
  await server?.kill('SIGKILL');
  await isWaitedFor(await openPostgresStore({ url: database.url, migrate: 'check' }), expected);
}, 180_000);
