import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startReceiver } from '../lib/receiver.mjs';
import { atMost } from '../lib/target.mjs';
import { timedGet, timedGets } from '../lib/timed-get.mjs';
import { writeConfig } from '../lib/write-config.mjs';
import { startTestPostgres } from '../peers/postgres.mjs';
import { BUSY, multiplyInDatabase, multiplyInFile, RARE } from './multiply.mjs';
import { sendExamples } from './send-examples.mjs';

const MAX_FIRST_BYTE_MS = 100;
const ROUNDS = 15;
const HOME_ROUNDS = 5;
/** All who open the home view within two seconds share an answer. */
const HOME_PAUSE_MS = 2_100;

/** How soon the page lists deliveries when many are stored, by each of its filters, on SQLite and on a Postgres of the tests. */
export async function lists(bench) {
  const count = bench.quick ? 100_000 : 1_000_000;
  const inFile = await listsOf(bench, { store: 'SQLite', count, name: 'page-lists' });
  const postgres = await startTestPostgres(bench.say).catch((error) => {
    bench.say(`page: there is no Postgres here: ${error.message}`);
  });
  if (!postgres) return inFile;
  bench.onEnd(() => postgres.stop());
  const inDatabase = await listsOf(bench, { store: 'Postgres', count, name: 'page-lists-postgres', url: postgres.url });
  await postgres.stop();
  return { targets: [...inFile.targets, ...inDatabase.targets], rows: [...inFile.rows, ...inDatabase.rows] };
}

async function listsOf(bench, { store, count, name, url }) {
  const folder = join(bench.folder, name);
  await mkdir(folder, { recursive: true });
  await writeConfig(folder);
  const { address } = await bench.temporal();
  const options = { name, temporal: address, taskQueue: 'bench-page-lists', databaseUrl: url };
  const first = await startReceiver(bench, options);
  const examples = await sendExamples({ port: first.port, secret: bench.secret });
  await first.end();
  bench.say(`page: ${count} deliveries on ${store}`);
  const how = { count, examples, say: bench.say };
  if (url) await multiplyInDatabase(url, how);
  else await multiplyInFile(join(folder, 'hookyard.db'), how);
  const receiver = await startReceiver(bench, options);
  try {
    const found = await measured(receiver.port);
    return resultsOf(found, { store, count });
  } finally {
    await receiver.end();
  }
}

async function measured(port) {
  const oldest = await lastPage(port);
  const found = [];
  for (const [what, query] of [...searches(), ['deliveries, the last page', `before=${oldest}`]]) {
    const { ms, slowestMs, text } = await timedGets(port, `/deliveries?${query}`, { rounds: ROUNDS });
    const rows = text.split('href="/deliveries/d').length - 1;
    found.push({
      what,
      ms,
      slowestMs,
      note: `${rows} listed${text.includes('were searched') ? ', searched in part' : ''}`,
    });
  }
  const home = await timedGets(port, '/', { rounds: HOME_ROUNDS, pause: () => wait(HOME_PAUSE_MS) });
  return [...found, { what: 'the home view', ...home, note: '' }];
}

function searches() {
  return [
    ['deliveries, all', ''],
    ['deliveries of a busy repository', `repository=${BUSY.repository}`],
    ['deliveries of a quiet repository', `repository=${RARE.repository}`],
    ['deliveries of a common event', 'event=push'],
    ['deliveries of a rare event', 'event=release'],
    ['deliveries of a common automation', 'automation=ci'],
    ['deliveries of a rare automation', `automation=${RARE.automation}`],
    ...['started', 'skipped', 'filtered', 'ignored', 'waiting', 'failed', 'superseded'].map((state) => [
      `deliveries that became: ${state}`,
      `state=${state}`,
    ]),
    ['deliveries of a source', 'source=github'],
    ['deliveries with a text that many have', 'text=service'],
    ['deliveries with a text that none has', 'text=nothing-is-called-so'],
    ['deliveries by three filters', `repository=${BUSY.repository}&event=push&state=failed`],
  ];
}

/** Returns the time before which ten deliveries are left. */
async function lastPage(port) {
  const { text } = await timedGet(port, '/deliveries.json?limit=1');
  const [newest] = JSON.parse(text).deliveries;
  return newest.receivedAt - 29.9997 * 24 * 3_600_000;
}

function resultsOf(found, { store, count }) {
  const slowest = found.reduce((a, b) => (b.ms > a.ms ? b : a));
  return {
    targets: found.map(({ what, ms }) => atMost(`n. ${what}, ${store}, first byte, in ms`, MAX_FIRST_BYTE_MS, ms)),
    rows: [
      ...found.map(({ what, ms, slowestMs, note }) => ({
        what: `n. ${what}, ${store}`,
        p50: ms,
        p99: slowestMs,
        note,
      })),
      { what: `n. the slowest of these, ${store}`, p50: slowest.ms, note: `${slowest.what}; ${count} stored` },
    ],
  };
}
