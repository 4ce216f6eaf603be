import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { Client as Postgres } from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { readLedger } from '../faults/ledger.js';
import { connectTo } from '../support/connect.js';
import { openPlace, type Place, SECRET } from '../support/harness/place.js';
import { type HookyardProcess, startHookyard } from '../support/harness/process.js';
import { push, sendPush } from '../support/harness/send-push.js';
import { type TestDatabase, testDatabase } from '../support/postgres.js';

/**
 * A backup under load, restored elsewhere, gone on from, and copied into Postgres, with what was counted on the way:
 * `ALL_TESTS=1 npm test -- test/e2e/backup.test.ts`.
 */
const AUTOMATION = `
import { proxyActivities, sleep } from '@temporalio/workflow';
import { automation, push, sync } from 'hookyard/workflow';
const { note } = proxyActivities<{ note(step: string): Promise<void> }>({ startToCloseTimeout: '5 seconds' });
export const kept = automation({ on: push({ branches: ['kept'] }) }, async (event) => {
  await note('first');
  await sync.upsert('deliveries', event.deliveryId, { commit: event.commit?.sha }, { version: 1 });
  await sleep('1 second');
  await note('second');
});
`;
const CONNECTIONS = 4;
/** Between two deliveries of one connection. */
const PAUSE_MS = 400;
const BEFORE = 60;
const AFTER = 30;
const SETTLE_MS = 180_000;

let place: Place;
let database: TestDatabase;
let running: HookyardProcess | undefined;
let sending: Load | undefined;

beforeEach(async () => {
  database = await testDatabase();
  place = await openPlace({
    temporal: '',
    automations: AUTOMATION,
    more: `activities: '${join(packageRoot, 'test/faults/activities.ts')}',`,
  });
});
afterEach(async () => {
  await sending?.stop();
  sending = undefined;
  // In order: what was started with it ends with it.
  await running?.kill('SIGTERM');
  running = undefined;
  await database.drop();
});

interface World {
  readonly data: string;
  readonly ledger: string;
  readonly env: Record<string, string>;
}

function world(name: string, more: Record<string, string> = {}): World {
  const ledger = join(place.folder, `${name}.ledger`);
  const data = join(place.folder, name);
  const { TEMPORAL_ADDRESS: _, ...own } = place.env;
  const env = {
    ...own,
    TEMPORAL_CLI_PATH: inject('temporalCli'),
    FAULTS_LEDGER: ledger,
    HOOKYARD_PORT: '0',
    HOOKYARD_DATA: data,
    ...more,
  };
  return { data, ledger, env };
}

async function start({ data, env }: World): Promise<HookyardProcess> {
  running = await startHookyard(['start'], { data, env });
  return running;
}

async function stop(): Promise<void> {
  expect(await running?.kill('SIGTERM')).toBe(0);
  running = undefined;
}

interface Answered {
  readonly key: string;
  readonly body: string;
}

interface Load {
  readonly answered: Answered[];
  /** Statuses other than 202. */
  readonly refused: number[];
  stop(): Promise<void>;
}

/** Delivers until it is told to stop. */
function load(url: string): Load {
  const answered: Answered[] = [];
  const refused: number[] = [];
  let goOn = true;
  const connection = async () => {
    while (goOn) {
      const body = push('kept');
      const { id: key, status } = await sendPush(url, { secret: SECRET, source: 'github', branch: 'kept', body });
      if (status === 202) answered.push({ key, body });
      else refused.push(status);
      await wait(PAUSE_MS);
    }
  };
  const all = Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const stop = async () => {
    goOn = false;
    await all;
  };
  sending = { answered, refused, stop };
  return sending;
}

interface Books {
  readonly deliveries: readonly { readonly id: string; readonly key: string }[];
  readonly starts: readonly { readonly id: string; readonly state: string }[];
  /** Keys of the records, each with its version. */
  readonly records: readonly string[];
}

const READ = `
  const db = new (require('libsql'))(process.argv[1], { timeout: 10_000 });
  const rows = (sql) => db.prepare(sql).all([]);
  console.log(JSON.stringify({
    deliveries: rows('SELECT id, key FROM deliveries ORDER BY seq'),
    starts: rows('SELECT id, state FROM dispatches ORDER BY seq'),
    records: rows(
      "SELECT key || ' ' || CAST(version AS INTEGER) AS record FROM records WHERE collection = 'deliveries' ORDER BY key",
    ).map(({ record }) => record),
  }));
`;

/** Reads in a process of its own: this one might have the file open still when it is to be copied. */
function booksOf({ data }: World): Books {
  const how = { cwd: packageRoot, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  return JSON.parse(execFileSync(process.execPath, ['-e', READ, join(data, 'hookyard.db')], how)) as Books;
}

async function booksOfPostgres(): Promise<Books> {
  const client = new Postgres({ connectionString: database.url });
  await client.connect();
  const rows = async <Row extends object>(sql: string) => (await client.query<Row>(sql)).rows;
  try {
    return {
      deliveries: await rows<Books['deliveries'][number]>('SELECT id, key FROM hookyard_deliveries ORDER BY seq'),
      starts: await rows<Books['starts'][number]>('SELECT id, state FROM hookyard_dispatches ORDER BY seq'),
      records: (
        await rows<{ record: string }>(
          `SELECT key || ' ' || version_number AS record FROM hookyard_records WHERE collection = 'deliveries' ORDER BY key`,
        )
      ).map(({ record }) => record),
    };
  } finally {
    await client.end();
  }
}

/** Every run that Temporal has, with its executions. */
async function runsOf(hookyard: HookyardProcess): Promise<Map<string, { runId: string; status: string }[]>> {
  const address = /Temporal +(127\.0\.0\.1:\d+)/.exec(hookyard.output())?.[1] ?? '';
  const connection = await connectTo(address);
  const runs = new Map<string, { runId: string; status: string }[]>();
  const list = new Client({ connection }).workflow.list({ query: 'HookyardSource = "github"', pageSize: 1_000 });
  for await (const { workflowId, runId, status } of list)
    runs.set(workflowId, [...(runs.get(workflowId) ?? []), { runId, status: status.name }]);
  await connection.close();
  return runs;
}

const runOf = (key: string) => `kept/github/${key}`;

async function settled(hookyard: HookyardProcess, books: () => Books | Promise<Books>): Promise<void> {
  const open = async () => {
    const { starts } = await books();
    const runs = await runsOf(hookyard);
    const waiting = starts.filter(({ state }) => state === 'pending').length;
    return (
      waiting +
      starts.length -
      [...runs.values()].filter((all) => all.every(({ status }) => status === 'COMPLETED')).length
    );
  };
  await expect.poll(() => open().catch(() => -1), { timeout: SETTLE_MS, interval: 1_000 }).toBe(0);
}

test('a backup under load, restored elsewhere and then copied into Postgres: nothing is lost, and nothing runs twice', async () => {
  const count: Record<string, number> = {};
  /** What should be 0. */
  const wrong: Record<string, number> = {};
  const first = world('first');
  const origin = await start(first);
  const { answered, refused, stop: stopSending } = load(origin.url);
  await expect.poll(() => answered.length, { timeout: 60_000 }).toBeGreaterThan(BEFORE);
  await expect.poll(() => completed(origin), { timeout: 60_000 }).not.toEqual([]);
  const before = [...answered];
  const doneBefore = await completed(origin);
  const file = join(place.folder, 'under-load.backup');
  const made = await place.hookyard(['backup', file, '--include-secrets', '--json'], { HOOKYARD_DATA: first.data });
  expect([made.code, made.err]).toEqual([0, expect.stringContaining('in plain text')]);
  const { counts, runs } = JSON.parse(made.out) as { counts: Record<string, number>; runs: boolean };
  expect(runs).toBe(true);
  const soFar = answered.length;
  await expect.poll(() => answered.length, { timeout: 60_000 }).toBeGreaterThan(soFar + AFTER);
  await stopSending();
  expect(refused).toEqual([]);
  await stop();
  count['answered before the backup'] = before.length;
  count['answered in all'] = answered.length;
  count['deliveries in the backup'] = counts.deliveries ?? 0;

  const second = world('second');
  const restored = await place.hookyard(['restore', file, '--json'], { HOOKYARD_DATA: second.data });
  expect([restored.code, restored.err]).toEqual([0, '']);
  const hookyard = await start(second);
  await settled(hookyard, () => booksOf(second));
  const books = booksOf(second);
  const keys = new Set(books.deliveries.map(({ key }) => key));
  wrong['answered before the backup, and lost'] = before.filter(({ key }) => !keys.has(key)).length;
  const all = await runsOf(hookyard);
  count['runs after the restore'] = all.size;
  wrong['deliveries without a run'] = books.deliveries.filter(({ key }) => !all.has(runOf(key))).length;
  wrong['runs of no delivery'] = [...all.keys()].filter((run) => !keys.has(run.slice(runOf('').length))).length;
  wrong['runs executed twice'] = [...all.values()].filter((executions) => executions.length > 1).length;
  const again = await readLedger(second.ledger);
  wrong['runs that had ended before the backup, and ran again'] = doneBefore.filter((run) =>
    again.executions.has(run),
  ).length;
  wrong['records missing'] = books.deliveries.filter(({ id }) => !books.records.includes(`${id} 1`)).length;
  expect(books.deliveries).toHaveLength(counts.deliveries ?? 0);
  await stop();

  const target = { DATABASE_URL: database.url };
  const copied = await place.hookyard(['migrate', '--from-file', second.data, '--json'], target);
  expect([copied.code, copied.err]).toEqual([0, '']);
  const onPostgres = await booksOfPostgres();
  expect(onPostgres).toEqual(books);
  count['rows copied to Postgres'] = (JSON.parse(copied.out) as { imported: { rows: number }[] }).imported.reduce(
    (sum, { rows }) => sum + rows,
    0,
  );
  const third = await start(world('second', target));
  const repeats = await Promise.all(
    before
      .slice(0, 20)
      .map(({ key: id, body }) => sendPush(third.url, { secret: SECRET, source: 'github', branch: 'kept', id, body })),
  );
  wrong['known deliveries that Postgres took for new'] = repeats.filter(({ body }) => !body.duplicate).length;
  const fresh = await sendPush(third.url, { secret: SECRET, source: 'github', branch: 'kept', body: push('kept') });
  expect(fresh.status).toBe(202);
  await settled(third, booksOfPostgres);
  const last = await runsOf(third);
  count['runs on Postgres'] = last.size;
  const executionsBefore = new Map([...all].map(([run, executions]) => [run, executions.map(({ runId }) => runId)]));
  wrong['runs executed anew on Postgres'] = [...last].filter(
    ([run, executions]) =>
      executionsBefore.has(run) && executions.some(({ runId }) => !executionsBefore.get(run)?.includes(runId)),
  ).length;
  await stop();

  for (const [what, number] of [...Object.entries(count), ...Object.entries(wrong)])
    console.log(`${String(number).padStart(6)}  ${what}`);
  expect(wrong).toEqual(Object.fromEntries(Object.keys(wrong).map((what) => [what, 0])));
  expect(count['answered in all']).toBeGreaterThan(count['deliveries in the backup'] ?? 0);
  expect(last.size).toBe(all.size + 1);
}, 600_000);

/** Runs that Temporal knows to have ended. One that has only written down its last step may run again: its end is not on disk yet. */
async function completed(hookyard: HookyardProcess): Promise<readonly string[]> {
  const runs = [...(await runsOf(hookyard))];
  return runs.filter(([, all]) => all.every(({ status }) => status === 'COMPLETED')).map(([run]) => run);
}
