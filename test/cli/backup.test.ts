import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noteReachedAs, readReachedAs } from '../../src/config/reached-as.js';
import { built, packageRoot } from '../../src/paths.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { aDelivery } from '../store/a-delivery.js';
import { writeRuns, writeSecrets } from '../store/backup/a-data-folder.js';
import { type Ended, openPlace, type Place } from '../support/harness/place.js';
import { type HookyardProcess, startHookyard } from '../support/harness/process.js';
import { type TestDatabase, testDatabase } from '../support/postgres.js';

const PROGRAM = join(packageRoot, 'bin/hookyard.mjs');

let place: Place;
let backups: string;
let file: string;
let running: HookyardProcess | undefined;
let database: TestDatabase | undefined;

beforeEach(async () => {
  place = await openPlace();
  backups = join(place.folder, 'backups');
  await mkdir(backups);
  file = join(backups, 'one.backup');
});
afterEach(async () => {
  await running?.kill('SIGKILL');
  await database?.drop();
  running = undefined;
  database = undefined;
});

/** Puts deliveries into the place's store. `bytes`: how large each body is; none of it can be compressed. */
async function fill(count: number, bytes = 1_000): Promise<void> {
  const store = await openSqliteStore({ path: join(place.data, 'hookyard.db') });
  for (let n = 0; n < count; n += 1)
    await store.inbox.accept(aDelivery(`k${n}`, { source: 'github', body: randomBytes(bytes) }));
  await store.close();
}

const elsewhere = () => ({ HOOKYARD_DATA: join(place.folder, 'elsewhere') });

test('a backup is made and restored elsewhere, with what it holds told to people and to programs', async () => {
  await fill(3);
  writeSecrets(place.data, { 'api-token': 'hunter2-hunter2-hunter2-hunter2-hunter2' });
  const made = await place.hookyard(['backup', file]);
  expect([made.code, made.err]).toEqual([0, '']);
  expect(made.out).toMatch(/^Backup {4}.*one\.backup, 0\.\d MB, of 2/);
  expect(made.out).toContain('3 deliveries, 3 starts and signals, 0 lines of logs, 0 records');
  expect(made.out).toContain('left out: keep a copy of the 1 file in');
  const again = await place.hookyard(['backup', file]);
  expect([again.code, again.out]).toEqual([2, '']);
  expect(again.err).toContain('is there already: name another file, or replace it with --force');
  const withSecrets = await place.hookyard(['backup', file, '--force', '--include-secrets', '--json']);
  expect(JSON.parse(withSecrets.out)).toMatchObject({ file, secrets: 1, runs: false, counts: { deliveries: 3 } });
  expect(withSecrets.err).toContain('The backup holds 1 secret in plain text');
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  const restored = await place.hookyard(['restore', file, '--json'], elsewhere());
  expect(restored.code).toBe(0);
  expect(JSON.parse(restored.out)).toMatchObject({ secrets: 1, runs: false, counts: { deliveries: 3 } });
  expect(await readFile(join(place.folder, 'elsewhere/secrets/api-token'), 'utf8')).toContain('hunter2');
  const twice = await place.hookyard(['restore', file], elsewhere());
  expect([twice.code, twice.out]).toEqual([2, '']);
  expect(twice.err).toMatch(/elsewhere holds data already \(hookyard\.db\)/);
  const replaced = await place.hookyard(['restore', file, '--force'], elsewhere());
  expect(replaced.code).toBe(0);
  expect(replaced.out).toMatch(/Before {4}what was there is in .*before-restore-/);
}, 120_000);

test('secrets that were other ones before are named to people and to programs', async () => {
  await fill(1);
  writeSecrets(place.data, { 'api-token': 'first-first-first-first-first-first-first', own: 'the same' });
  await place.hookyard(['backup', file, '--include-secrets']);
  const restore = async (...how: string[]) => (await place.hookyard(['restore', file, '--force', ...how])).out;
  const others = { 'api-token': 'second-second-second-second-second-second' };
  writeSecrets(place.data, others);
  expect(await restore()).toMatch(/^Others {4}secrets\/api-token were other ones before/m);
  writeSecrets(place.data, others);
  expect(JSON.parse(await restore('--json'))).toMatchObject({ secrets: 2, otherSecrets: ['secrets/api-token'] });
  expect(JSON.parse(await restore('--json'))).not.toHaveProperty('otherSecrets');
}, 120_000);

test('a restored Hookyard knows that others reach it, as the one did that was backed up', async () => {
  await fill(1);
  noteReachedAs(place.data, 'https://hooks.example/webhooks/github');
  expect((await place.hookyard(['backup', file])).code).toBe(0);
  const data = join(place.folder, 'elsewhere');
  const restored = await place.hookyard(['restore', file], elsewhere());
  expect(restored.out).toMatch(/^Reached {3}by others, as https:\/\/hooks\.example: by that its page knows/m);
  expect(readReachedAs(data)).toBe('https://hooks.example');
  noteReachedAs(data, 'https://other.example');
  expect((await place.hookyard(['restore', file, '--force'], elsewhere())).code).toBe(0);
  expect(readReachedAs(data)).toBe('https://other.example');
}, 120_000);

test('while a server runs, its store is backed up, and neither replaced nor copied away', async () => {
  database = await testDatabase();
  running = await startHookyard(['server'], { data: place.data, env: { ...place.env, HOOKYARD_PORT: '0' } });
  expect((await place.hookyard(['backup', file])).code).toBe(0);
  const refusals = [
    await place.hookyard(['restore', file, '--force']),
    await place.hookyard(['migrate', '--from-file', place.data], { DATABASE_URL: database.url }),
  ];
  for (const { code, err } of refusals) {
    expect(code).toBe(2);
    expect(err).toMatch(/is in use by hookyard server \(process \d+.*stop it first/);
  }
  expect((await fetch(`${running.url}/readyz`)).ok).toBe(true);
}, 120_000);

test('a store that a worker has open is not copied away: it would go on writing to the old file', async () => {
  await fill(1);
  database = await testDatabase();
  const copy = ['migrate', '--from-file', place.data];
  const env = { DATABASE_URL: database.url };
  // As a worker has it, which does not own the data folder.
  const store = await openSqliteStore({ path: join(place.data, 'hookyard.db') });
  const { code, out, err } = await place.hookyard(copy, env);
  await store.close();
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/hookyard\.db is open in another process, such as a hookyard worker: stop it first/);
  expect((await place.hookyard(copy, env)).code).toBe(0);
}, 120_000);

test('a store that a worker has open is not moved aside: it would go on writing to the old file', async () => {
  await fill(1);
  expect((await place.hookyard(['backup', file])).code).toBe(0);
  const restore = ['restore', file, '--force'];
  // As a worker has it, which does not own the data folder.
  const store = await openSqliteStore({ path: join(place.data, 'hookyard.db') });
  const { code, out, err } = await place.hookyard(restore);
  await store.close();
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/hookyard\.db is open in another process, such as a hookyard worker: stop it first/);
  const aside = async () => (await readdir(place.data)).filter((name) => name.startsWith('before-restore-'));
  expect(await aside()).toEqual([]);
  expect((await place.hookyard(restore)).code).toBe(0);
  expect(await aside()).toHaveLength(1);
}, 120_000);

test('on Postgres, a backup says what to use, and a restore which way leads there', async () => {
  const env = { DATABASE_URL: 'postgres://ada:hunter2@127.0.0.1:1/x' };
  const outcomes = [await place.hookyard(['backup', file], env), await place.hookyard(['restore', file], env)];
  expect(outcomes.map(({ code }) => code)).toEqual([2, 2]);
  expect(outcomes[0]?.err).toContain('pg_dump --format=custom');
  expect(outcomes[1]?.err).toContain('hookyard migrate --from-file');
  expect(await readdir(backups)).toEqual([]);
});

/** Runs the command line with a limit on the size of files, beyond which the system refuses writes as on a full disk. */
function onSmallDisk(blocks: number, ...args: string[]): Promise<Ended> {
  const outlive = pathToFileURL(join(packageRoot, 'test/faults/full-disk.mjs')).href;
  const env = { ...place.env, NODE_OPTIONS: `--import=${outlive}` };
  const script = `ulimit -f ${blocks}; exec "$0" "$@"`;
  return new Promise((resolve) => {
    execFile('sh', ['-c', script, process.execPath, PROGRAM, ...args], { env, cwd: place.folder }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

test('on a full disk no backup is made, nothing is left, and the reason is told', async () => {
  await fill(4, 1_000_000);
  const { code, out, err } = await onSmallDisk(2_000, 'backup', file);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/can't be written to .*one\.backup \(.*\), and nothing was left there: make room/);
  expect(await readdir(backups)).toEqual([]);
});

test('on a full disk nothing is restored, and the folder stays empty', async () => {
  await fill(4, 1_000_000);
  await place.hookyard(['backup', file]);
  place = { ...place, env: { ...place.env, ...elsewhere() } };
  const { code, out, err } = await onSmallDisk(2_000, 'restore', file);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/EFBIG|ENOSPC|full|file too large/i);
  expect((await readdir(elsewhere().HOOKYARD_DATA)).sort()).toEqual(['.gitignore', 'owner.lock']);
});

test('runs are in a backup where Temporal is not elsewhere, and a restore for another Temporal leaves the runs out', async () => {
  await fill(1);
  writeRuns(place.data, []);
  const own = { TEMPORAL_ADDRESS: '' };
  expect(JSON.parse((await place.hookyard(['backup', file, '--json'], own)).out)).toMatchObject({ runs: true });
  const there = await place.hookyard(['restore', file, '--json'], elsewhere());
  expect(JSON.parse(there.out)).toMatchObject({ runs: false });
  const here = await place.hookyard(['restore', file, '--json', '--force'], { ...elsewhere(), ...own });
  expect(JSON.parse(here.out)).toMatchObject({ runs: true });
}, 120_000);

const mayMount = process.platform === 'linux' && process.getuid?.() === 0;
/** What makes the data folder one that nothing can be written to, in a mount namespace of its own. */
const DISKS = {
  'a read-only disk': 'mount --bind "$data" "$data" && mount -o remount,ro,bind "$data"',
  'a full disk': `mkdir "$data-copy" && cp -a "$data/." "$data-copy" && mount -t tmpfs -o size=600k,mode=700 tmpfs "$data" &&
    cp -a "$data-copy/." "$data" && (dd if=/dev/zero of="$data/fill" bs=4k 2>/dev/null || true)`,
};

/** Runs the command line in a mount namespace of its own, in which `disk` has made something of the data folder. */
function onDisk(disk: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
  const program = `data="$HOOKYARD_DATA"; ${disk} && exec "$0" "$@"`;
  const all = ['--mount', 'sh', '-c', program, process.execPath, PROGRAM, ...args];
  return new Promise((resolve) => {
    execFile('unshare', all, { env, cwd: place.folder }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

test.runIf(mayMount).each(Object.entries(DISKS))(
  'a store on %s is backed up elsewhere, with what a killed server had only in its log',
  async (_, disk) => {
    await fill(3);
    // Killed before it has closed: what it stored last is in the write-ahead log.
    const script = `import { openSqliteStore } from ${JSON.stringify(built('store/sqlite/open.js'))};
      const store = await openSqliteStore({ path: process.argv[1] });
      await store.records.upsert({ collection: 'c', key: 'k', version: 1, data: {} });
      process.kill(process.pid, 'SIGKILL');`;
    const at = join(place.data, 'hookyard.db');
    await new Promise((resolve) =>
      execFile(process.execPath, ['--input-type=module', '-e', script, at], () => resolve(undefined)),
    );
    await rm(`${at}-shm`);
    expect((await stat(`${at}-wal`)).size).toBeGreaterThan(0);
    const ended = await onDisk(disk, place.env, 'backup', file, '--json');
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect(JSON.parse(ended.out)).toMatchObject({ counts: { deliveries: 3, records: 1 } });
    expect((await place.hookyard(['restore', file], elsewhere())).code).toBe(0);
    expect(await readdir(backups)).toEqual(['one.backup']);
  },
);

test.runIf(mayMount)('where there is room for the files and not for what SQLite needs beside, it is told', async () => {
  await fill(3);
  expect((await place.hookyard(['backup', file])).code).toBe(0);
  const { size } = await stat(join(place.data, 'hookyard.db'));
  // It needs 32 kB.
  const disk = `mkdir "$data" && mount -t tmpfs -o size=${size + 16 * 1024},mode=700 tmpfs "$data"`;
  const { code, out, err } = await onDisk(disk, { ...place.env, ...elsewhere() }, 'restore', file);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^Nothing was restored: SQLite was refused what it needs in .*elsewhere \(.*\): make room/);
});

test.runIf(mayMount)(
  'where there is room for a copy and not for what SQLite needs beside it, a backup says so',
  async () => {
    await fill(3);
    const { size } = await stat(join(place.data, 'hookyard.db'));
    const disk = `${DISKS['a read-only disk']} &&
    mount -t tmpfs -o size=${size + 16 * 1024},mode=700 tmpfs "${backups}"`;
    const { code, out, err } = await onDisk(disk, place.env, 'backup', file);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^The backup can't be written to .*one\.backup \(.*\), and nothing was left there: /);
  },
);

/** Loaded before Hookyard: it is told to stop when it has packed its first piece. From outside it could be told too late. */
const STOPPED_HALF_WAY = `
import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';
const { gzipSync } = zlib;
zlib.gzipSync = (...given) => {
  zlib.gzipSync = gzipSync;
  syncBuiltinESMExports();
  process.kill(process.pid, 'SIGTERM');
  return gzipSync(...given);
};
syncBuiltinESMExports();
`;

test('one that is stopped leaves nothing behind', async () => {
  await fill(60, 1_000_000);
  const stops = pathToFileURL(await place.write('stops.mjs', STOPPED_HALF_WAY)).href;
  const { code, out, err } = await place.hookyard(['backup', file], { NODE_OPTIONS: `--import=${stops}` });
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('SIGTERM: no backup was made');
  expect(await readdir(backups)).toEqual([]);
});

test('a store is copied into an empty Postgres once, and the command says what comes next', async () => {
  await fill(3);
  database = await testDatabase();
  const env = { DATABASE_URL: database.url };
  const where = await place.hookyard(['migrate', '--from-file', place.data]);
  expect([where.code, where.err]).toEqual([2, expect.stringContaining('Where to? Set DATABASE_URL')]);
  expect((await place.hookyard(['migrate', '--from-file', place.data, '--check'], env)).code).toBe(2);
  const none = await place.hookyard(['migrate', '--from-file', backups], env);
  expect(none.err).toContain(`There is no hookyard.db in ${backups}`);
  const copied = await place.hookyard(['migrate', '--from-file', place.data, '--json'], env);
  expect(copied.code).toBe(0);
  const { imported } = JSON.parse(copied.out) as { imported: { table: string; rows: number; sha256: string }[] };
  expect(imported.filter(({ rows }) => rows > 0).map(({ table, rows }) => `${rows} ${table}`)).toEqual([
    '3 deliveries',
    '3 bodies',
    '3 dispatches',
  ]);
  const again = await place.hookyard(['migrate', '--from-file', join(place.data, 'hookyard.db')], env);
  expect([again.code, again.out]).toEqual([2, '']);
  expect(again.err).toContain('A store is copied into an empty database only');
}, 120_000);
