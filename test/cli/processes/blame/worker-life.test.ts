import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Charges, createCharges } from '../../../../src/cli/processes/blame/charges.js';
import type { Death, Life } from '../../../../src/cli/processes/blame/life.js';
import { openLifeFile } from '../../../../src/cli/processes/blame/life-files.js';
import { beginLife, type WorkerLife } from '../../../../src/cli/processes/blame/worker-life.js';
import { startTime } from '../../../../src/process-start-time.js';
import { openSqliteStore } from '../../../../src/store/sqlite/open.js';
import type { Store } from '../../../../src/store/store.js';
import { CODE, type Piece } from '../../../../src/worker/work-notes.js';
import { closers } from '../../../support/harness/closers.js';
import { keepLog } from '../../../support/harness/log.js';
import { tempFolder } from '../../../support/temp-folder.js';

const whole = closers();
const { defer, close } = closers();
let store: Store;
let data: string;
let aside: string[];
/** Whether Temporal lets runs be set aside. */
let canSetAside: boolean;

beforeAll(async () => {
  store = whole.add(await openSqliteStore({ path: `${await tempFolder('charges')}/store.db` }));
});
afterAll(whole.close);
beforeEach(async () => {
  data = await tempFolder('life');
  for (const { piece } of await charged()) await createCharges(store.records).drop(piece);
  aside = [];
  deaths = new Map();
  canSetAside = true;
});
afterEach(close);

const charged = () => createCharges(store.records).all();

/** How the processes died. */
let deaths: Map<number, Death>;

/** Begins the life of a worker in this process. */
async function begin(charges: Charges = createCharges(store.records)): Promise<WorkerLife> {
  const life = await beginLife({
    ...{ data, charges, deaths, log: keepLog().log },
    async setAside(piece) {
      if (!canSetAside) return false;
      aside.push(piece.workflowId);
      await charges.drop(piece);
      return true;
    },
  });
  let hasEnded = false;
  const end = () => {
    if (!hasEnded) life.end();
    hasEnded = true;
  };
  defer(async () => end());
  return { ...life, end };
}

let lives = 0;
/** Writes what a process has left that died, by default a careful one of this machine. */
function died(how: Partial<Life>, agoMs = 0): void {
  lives += 1;
  openLifeFile(data, `life ${lives}`).write({
    host: hostname(),
    // Higher than any system gives.
    pid: 2 ** 30,
    started: 'a boot/1',
    since: Date.now() - 5_000,
    carefulMs: 90_000,
    afterDeath: true,
    ...how,
  });
  const at = (Date.now() - agoMs) / 1_000;
  utimesSync(join(data, 'workers', `life ${lives}.json`), at, at);
}
const names = () => readdirSync(join(data, 'workers'));
const noted = () => JSON.parse(readFileSync(join(data, 'workers', names()[0] ?? ''), 'utf8'));

const loops: Piece = { workflowId: 'loops/1', at: CODE };
const exits: Piece = { workflowId: 'exits/1', at: 'exit', id: '1' };
const well: Piece = { workflowId: 'well/1', at: CODE };

test('a worker is not careful where none has died, also none that ended in order', async () => {
  (await begin()).end();
  expect((await begin()).careful).toBeUndefined();
});

test('a worker is careful after one that died at work on many, and blames nobody', async () => {
  died({ carefulMs: 0 });
  expect((await begin()).careful).toMatchObject({ forMs: 90_000 });
  expect(await charged()).toEqual([]);
});

test('a run is set aside that was alone at work when two workers died, on whatever machine', async () => {
  died({ code: loops });
  await begin();
  expect(aside).toEqual([]);
  died({ code: loops, host: 'elsewhere' }, 600_000);
  const { careful } = await begin();
  expect(aside).toEqual([loops.workflowId]);
  // Why it died is known, and it won't happen again.
  expect(careful).toBeUndefined();
});

test('runs that were alone at one death each are not set aside', async () => {
  for (const code of [loops, well]) {
    died({ code });
    await begin();
  }
  expect(aside).toEqual([]);
});

test('a run that could not be set aside is by the next worker', async () => {
  canSetAside = false;
  for (const _ of ['one', 'two']) {
    died({ step: exits });
    await begin();
  }
  canSetAside = true;
  await begin();
  expect(aside).toEqual([exits.workflowId]);
});

test('a worker that lives is not taken for dead, here and elsewhere', async () => {
  died({ code: loops, pid: process.pid, started: await startTime(process.pid) });
  died({ code: loops, host: 'elsewhere' }, 30_000);
  expect((await begin()).careful).toBeUndefined();
});

test('a process that has the id of one that died does not hide the death', async () => {
  died({ code: loops, pid: process.pid, started: 'a boot/1' });
  expect((await begin()).careful).toBeDefined();
});

test('each death counts once, however many workers begin after it', async () => {
  died({ code: loops });
  await Promise.all([begin(), begin(), begin()]);
  expect(await charged()).toEqual([{ piece: loops, deaths: 1 }]);
});

test('what a careful worker is at work on is written down before it begins, and not after it has ended', async () => {
  died({});
  const { careful } = await begin();
  careful?.notes.begins(loops);
  expect(noted()).toMatchObject({ code: loops });
  careful?.notes.ends(loops);
  expect(noted()).not.toHaveProperty('code');
});

test('a run that was at work at a death by chance is cleared once its work is done without harm', async () => {
  died({ code: well });
  const { careful } = await begin();
  careful?.notes.begins(well);
  careful?.notes.ends(well);
  await expect.poll(() => charged()).toEqual([]);
});

test('a worker that is careful no more notes nothing, and what it dies of then is not blamed on what it did before', async () => {
  died({});
  const life = await begin();
  life.careful?.notes.begins(loops);
  life.relax();
  life.careful?.notes.begins(exits);
  expect(noted()).toMatchObject({ carefulMs: 0 });
  expect(noted()).not.toHaveProperty('code');
  expect(noted()).not.toHaveProperty('step');
});

test('a worker that ended in order leaves no file', async () => {
  const life = await begin();
  expect(names()).toHaveLength(1);
  life.end();
  expect(names()).toEqual([]);
});

test('a worker that is ended before it has stopped, as by an impatient Ctrl-C, blames nobody and makes no other careful', async () => {
  died({ code: loops, step: exits, stopping: true });
  expect((await begin()).careful).toBeUndefined();
  expect(await charged()).toEqual([]);
});

test('a worker that is told to stop writes that down at once, beside what it is at work on', async () => {
  died({});
  const life = await begin();
  life.careful?.notes.begins(loops);
  life.stops();
  expect(noted()).toMatchObject({ stopping: true, code: loops });
  life.careful?.notes.ends(loops);
  expect(noted()).toMatchObject({ stopping: true });
});

test('a run that was long at work is not counted when its worker is killed from outside, and is when the process did not answer', async () => {
  const step = { ...exits, since: Date.now() - 90_000 };
  const long: Partial<Life> = { step, pid: 2 ** 30 + 7, seenAt: Date.now() };
  died(long);
  deaths.set(2 ** 30 + 7, 'killed');
  expect((await begin()).careful).toBeDefined();
  expect(await charged()).toEqual([]);
  died(long);
  deaths.set(2 ** 30 + 7, 'held');
  await begin();
  expect(await charged()).toEqual([{ piece: exits, deaths: 1 }]);
});

test('what is at work beside is counted as long as the worker is careful', async () => {
  died({});
  const life = await begin();
  const beside = life.careful?.notes.beside ?? (() => undefined);
  beside('jobs', 1);
  beside('own', 1);
  beside('own', 1);
  expect(noted()).toMatchObject({ beside: { jobs: 1, own: 2 } });
  beside('own', -1);
  expect(noted()).toMatchObject({ beside: { jobs: 1, own: 1 } });
  life.relax();
  beside('jobs', -1);
  expect(noted()).not.toHaveProperty('beside');
});

test.each<[string, Partial<Life>]>([
  ['two activities', { step: exits, older: [{ workflowId: 'polls/1', at: 'poll', id: '1' }] }],
  ['code and an activity', { step: exits, code: well }],
])(
  'other work begins beside an activity that is long at work, but nothing does where %s were at work at the last death',
  async (_, both) => {
    died({ step: exits });
    expect((await begin()).careful?.alone).toEqual({ beforeCodeMs: 30_000, beforeStepsMs: 60_000 });
    died(both);
    const { careful } = await begin();
    expect(careful).toMatchObject({ alone: undefined });
    expect(await charged()).toEqual([{ piece: exits, deaths: 1 }]);
  },
);

test('a death that the store could not keep is counted by the next worker, and the first works all the same', async () => {
  died({ code: loops });
  const away = async () => {
    throw new Error('the store is away');
  };
  expect((await begin({ add: away, all: away, drop: away })).careful).toBeDefined();
  expect(await charged()).toEqual([]);
  await begin();
  expect(await charged()).toEqual([{ piece: loops, deaths: 1 }]);
  await begin();
  expect(await charged()).toEqual([{ piece: loops, deaths: 1 }]);
});

test('one death counts once, however often it is told', async () => {
  const charges = createCharges(store.records);
  expect([await charges.add(loops, 'one'), await charges.add(loops, 'one'), await charges.add(loops, 'two')]).toEqual([
    1, 1, 2,
  ]);
});

test('a run is not charged with what an earlier one of the same workflow id has done', async () => {
  for (const runId of ['first', 'second']) {
    died({ step: { ...exits, runId } });
    await begin();
  }
  expect(aside).toEqual([]);
  died({ step: { ...exits, runId: 'second' } });
  await begin();
  expect(aside).toEqual([exits.workflowId]);
});
