/**
 * What one delivery and one run cost, counted and not timed: events, actions and bytes of Temporal's, rows and bytes of
 * the store's. `node bench/cost.mjs`; with DATABASE_URL naming an empty database, Postgres too. docs/scaling.md says
 * what follows from the figures.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { loadCatalog } from '../dist/catalog/load.js';
import { loadConfig } from '../dist/config/load.js';
import { openSqliteStore } from '../dist/store/sqlite/open.js';
import { createRows } from './cost/deliveries.mjs';
import { measureRuns } from './cost/runs.mjs';
import { measurePostgres, measureSqlite } from './cost/store.mjs';
import { payload } from './lib/push.mjs';

const say = (line) => process.stderr.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), 'hookyard-cost-'));
const log = pino({ level: 'error' }, pino.destination(2));
const { DATABASE_URL: url } = process.env;
try {
  const env = { HOOKYARD_DATA: folder, HOOKYARD_TASK_QUEUE: 'cost', HOME: process.env.HOME, PATH: process.env.PATH };
  const config = await loadConfig({ env, cwd: folder });
  const catalog = await loadCatalog(fileURLToPath(new URL('cost/automations', import.meta.url)));
  const rowOf = createRows({ config, automations: catalog.automations.filter(({ name }) => name === 'ci') });
  const store = await openSqliteStore({ path: join(folder, 'hookyard.db'), log });
  const runs = await measureRuns({ config, store, log, catalog, folder, rowOf, say });
  await store.close();
  const deliveries = [];
  for (const atOnce of [1, 16]) {
    say(`the store, ${atOnce} at once`);
    deliveries.push(await measureSqlite({ folder, rowOf, atOnce }));
    if (url) deliveries.push(await measurePostgres({ url, rowOf, atOnce }));
  }
  const row = rowOf(payload('c0'.repeat(20)));
  const sizes = {
    body: row.body.byteLength,
    events: JSON.stringify(row.events).length,
    headers: JSON.stringify(row.headers).length,
    verdicts: JSON.stringify(row.verdicts).length,
  };
  process.stdout.write(`${JSON.stringify({ node: process.version, sizes, runs, deliveries }, undefined, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
