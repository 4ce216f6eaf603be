import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrations } from '../../src/store/postgres/migrations.js';
import { type TestDatabase, testDatabase } from '../support/postgres.js';
import { tempFolder } from '../support/temp-folder.js';

const PROGRAM = fileURLToPath(new URL('../../bin/hookyard.mjs', import.meta.url));
/** In ms: for one command, on a busy machine too. */
const DEADLINE_MS = 50_000;

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await testDatabase();
  folder = await tempFolder('migrate');
});
afterEach(async () => {
  await database.drop();
});

/** Runs the command line on a database, and answers how it ended. */
function hookyard(url: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: process.env.PATH, DATABASE_URL: url, HOOKYARD_DATA: folder, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { env, timeout: DEADLINE_MS }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

test(
  'a schema is checked, brought up to date, and checked again',
  async () => {
    const steps = migrations.map(({ version, name }) => ({ version, name }));
    const before = await hookyard(database.url, 'migrate', '--check', '--json');
    expect([before.code, JSON.parse(before.out)]).toEqual([1, { store: 'postgres', applied: [], pending: steps }]);
    const done = await hookyard(database.url, 'migrate', '--json');
    expect([done.code, JSON.parse(done.out)]).toEqual([0, { store: 'postgres', applied: steps, pending: [] }]);
    const after = await hookyard(database.url, 'migrate', '--check');
    expect([after.code, after.out]).toEqual([0, 'The schema is up to date.\n']);
  },
  3 * DEADLINE_MS,
);

test('a file needs nothing', async () => {
  const { code, out } = await hookyard('', 'migrate');
  expect(code).toBe(0);
  expect(out).toContain('The store is a file');
});

test('a server does not change the schema by itself: it says what to run', async () => {
  const { code, err } = await hookyard(database.url, 'server');
  expect(code).toBe(2);
  expect(err).toContain('run: hookyard migrate');
  expect(await database.sql(`SELECT to_regclass('hookyard_deliveries') AS "table"`)).toEqual([{ table: null }]);
});

test.each(['migrate', 'server'])('%s tells of an impossible address without telling the password', async (command) => {
  const { code, out, err } = await hookyard('mysql://ada:hunter2secret@127.0.0.1/x', command);
  expect(code).toBe(2);
  // None of the words may look like a password, which would be masked.
  expect(err).toContain('DATABASE_URL: must be postgres://host:port/name, with user:password@ before the host');
  expect(out + err).not.toContain('hunter2');
});
