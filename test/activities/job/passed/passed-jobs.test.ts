import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Checkout, JobStep } from '../../../../src/activities/contract/index.js';
import { upTo } from '../../../../src/activities/job/passed/earlier-result.js';
import { createPassedJobs, type Passed, type PassedJobs } from '../../../../src/activities/job/passed/passed-jobs.js';
import { createRecordPruner } from '../../../../src/activities/prune-records.js';
import { hashOf } from '../../../../src/runs/hash.js';
import { namesRepository } from '../../../../src/store/names-repository.js';
import { openSqliteStore } from '../../../../src/store/sqlite/open.js';
import type { Store } from '../../../../src/store/store.js';
import { keepLog } from '../../../support/harness/log.js';
import { tempFolder } from '../../../support/temp-folder.js';

const STEPS: readonly JobStep[] = [
  { name: 'make', run: 'make', env: { A: '1', TOKEN: { secret: 'npm' } }, retries: { limit: 2 } },
  { name: 'mourn', run: 'mourn', if: 'failure' },
];
const CHECKOUT: Checkout = {
  ...{ source: 'github', repository: 'acme/app', sha: 'a'.repeat(40), ref: 'refs/heads/main', since: '2026-01-01' },
  options: { submodules: true, depth: 1 },
};
const JOB = { name: 'test', checkout: CHECKOUT, env: { NODE: '20', CI: 'yes' }, timeoutMs: 60_000 };
const PASSED: Passed = {
  stepsHash: hashOf(STEPS),
  result: {
    steps: [
      { name: 'make', outcome: 'passed', durationMs: 4, attempts: 2 },
      { name: 'mourn', outcome: 'skipped', durationMs: 0 },
    ],
    outputs: { version: '7' },
    summary: '**made**',
  },
  ...{ tries: 2, durationMs: 5_000, tail: 'made', attempt: 1 },
};
const RUN = 'ci/github/1';
const HOST = { jobs: { runner: 'host' } } as never;
const SANDBOX = { jobs: { runner: 'sandbox' } } as never;

let store: Store;
let passed: PassedJobs;
beforeAll(async () => {
  store = await openSqliteStore({ path: `${await tempFolder('passed')}/store.db` });
  passed = createPassedJobs({ config: HOST, records: store.records, log: keepLog().log });
});
afterAll(() => store.close());

const find = (job: Partial<typeof JOB> & { nth?: number } = {}, written = STEPS, run = RUN) =>
  passed.find({ ...JOB, ...job }, { run, steps: [], writtenHash: hashOf(written) });

test('a job that has passed counts with all that it came to, whoever asks, in whatever order it is written, and whenever its run began', async () => {
  await passed.note(JOB, RUN, PASSED);
  expect(await find()).toEqual({ kind: 'passed', run: RUN, passed: PASSED });
  const again = {
    env: { CI: 'yes', NODE: '20' },
    checkout: { options: { depth: 1, submodules: true }, ...CHECKOUT, since: '2026-02-02' },
  };
  expect(await find(again)).toMatchObject({ kind: 'passed' });
  expect(await find({ nth: 1 })).toMatchObject({ kind: 'passed' });
});

test('a job that has passed on the host runs again where the configuration has a sandbox now', async () => {
  await passed.note(JOB, RUN, PASSED);
  const now = createPassedJobs({ config: SANDBOX, records: store.records, log: keepLog().log });
  const known = await now.find(JOB, { run: RUN, steps: [], writtenHash: hashOf(STEPS) });
  expect(known).toMatchObject({ kind: 'changed', because: 'where its steps run has changed' });
});

const { ref: _, ...withoutRef } = CHECKOUT;
const FILES = 'what it needs, or what it keeps as artifacts, has changed';

test.each<[string, Partial<typeof JOB>, readonly JobStep[], string]>([
  ['another commit', { checkout: { ...CHECKOUT, sha: 'b'.repeat(40) } }, STEPS, 'what it checks out has changed'],
  ['another branch', { checkout: { ...CHECKOUT, ref: 'refs/heads/x' } }, STEPS, 'what it checks out has changed'],
  ['another base', { checkout: { ...CHECKOUT, base: 'next' } }, STEPS, 'what it checks out has changed'],
  ['its fork', { checkout: { ...CHECKOUT, repository: 'x/app' } }, STEPS, 'what it checks out has changed'],
  ['no ref', { checkout: withoutRef as Checkout }, STEPS, 'what it checks out has changed'],
  ['stranger', { checkout: { ...CHECKOUT, untrusted: true } }, STEPS, 'whether its code is trusted has changed'],
  ['a queue', { checkout: { ...CHECKOUT, queued: true } }, STEPS, 'whether its code is trusted has changed'],
  ['trust in it', { trust: true } as never, STEPS, 'whether its code is trusted has changed'],
  ['a sandbox', { runner: 'sandbox' } as never, STEPS, 'where its steps run has changed'],
  ['credentials', { checkout: { ...CHECKOUT, options: {} } }, STEPS, 'its checkout options have changed'],
  ['a variable more', { env: { ...JOB.env, MORE: '' } as never }, STEPS, 'its environment has changed'],
  ['another secret', { env: { ...JOB.env, NODE: { secret: 'x' } } as never }, STEPS, 'its environment has changed'],
  ['another command', {}, [{ name: 'make', run: 'make all' }, ...STEPS.slice(1)], 'its steps have changed'],
  ['a step more', {}, [...STEPS, { name: 'more', run: 'x' }], 'its steps have changed'],
  ['a step less', {}, STEPS.slice(0, 1), 'its steps have changed'],
  ['others run', {}, STEPS.map((step) => ({ ...step, if: 'always' as const })), 'its steps have changed'],
  ['steps in another order', {}, [...STEPS].reverse(), 'its steps have changed'],
  ['another artifact', { artifacts: [{ name: 'site', paths: ['dist'] }] } as never, STEPS, FILES],
  ['an artifact that it needs', { needs: [{ name: 'site' }] } as never, STEPS, FILES],
  ['too little time', { timeoutMs: 4_999 }, STEPS, 'it took longer than its timeout is now'],
])('with %s it runs again, and it is known why', async (_what, change, written, because) => {
  await passed.note(JOB, RUN, PASSED);
  expect(await find(change, written)).toEqual({ kind: 'changed', run: RUN, because });
});

test.each([
  ['another run', {}, 'ci/github/2'],
  ['another name', { name: 'test-20' }, RUN],
  ['the second of its name', { nth: 2 }, RUN],
  ['another source', { checkout: { ...CHECKOUT, source: 'gitlab' } }, RUN],
])('nothing is known of it in %s', async (_what, job, run) => {
  await passed.note(JOB, RUN, PASSED);
  expect(await find(job, STEPS, run)).toEqual({ kind: 'unknown' });
});

test('a run that does not go on from another knows of none, nor does one that an older version started', async () => {
  await passed.note(JOB, RUN, PASSED);
  expect(await passed.find(JOB, undefined)).toEqual({ kind: 'unknown' });
  expect(await passed.find(JOB, { run: RUN, steps: [] })).toEqual({ kind: 'unknown' });
});

test('where an older version has not kept what a job needed and kept, it counts', async () => {
  await passed.note(JOB, RUN, PASSED);
  const [row] = await store.records.list('hookyard.passed-jobs', { limit: 10 });
  if (!row) throw new Error('nothing was noted');
  const data = row.data as { of: { files?: string } };
  delete data.of.files;
  await store.records.upsert({ ...row, collection: 'hookyard.passed-jobs', version: Date.now() + 1, data, run: RUN });
  expect(await find({ needs: [{ name: 'site' }] } as never)).toMatchObject({ kind: 'passed' });
});

test('a run of an older version tells the steps themselves, and they are the same', async () => {
  await passed.note(JOB, RUN, PASSED);
  expect(await passed.find(JOB, { run: RUN, steps: [], written: STEPS })).toMatchObject({ kind: 'passed' });
  // As that version has kept it: the hash stays as it is made.
  expect(hashOf([{ run: 'make', name: 'ä' }])).toBe('42e5603c39db5a0536d535f0f4e1bc40051ecfccf1292a8949fc92aab02e4cb1');
});

test('one that runs once more in its run, and does not pass, does not count any more', async () => {
  await passed.note(JOB, RUN, PASSED);
  await passed.forget(JOB, RUN, undefined);
  await passed.forget(JOB, RUN, undefined);
  expect(await find()).toEqual({ kind: 'unknown' });
});

test('of the runs that one goes on from, the nearest counts in which the job has ended', async () => {
  const [first, second, third] = ['ci/github/3', 'ci/github/4', 'ci/github/5'] as const;
  const from = { run: third, before: [second, first], steps: [], writtenHash: hashOf(STEPS) };
  const own = await openSqliteStore({ path: `${await tempFolder('passed')}/store.db` });
  const book = createPassedJobs({ config: HOST, records: own.records, log: keepLog().log });
  await book.note(JOB, first, PASSED);
  expect(await book.find(JOB, from)).toMatchObject({ kind: 'passed', run: first });
  await book.note(JOB, second, { ...PASSED, tries: 1 });
  expect(await book.find(JOB, from)).toMatchObject({ kind: 'passed', run: second, passed: { tries: 1 } });
  await book.forget(JOB, third, { ...from, run: second, before: [first] });
  expect(await book.find(JOB, from)).toEqual({ kind: 'unknown', failedIn: third });
  expect(await book.find({ ...JOB, name: 'other' }, from)).toEqual({ kind: 'unknown' });
  await own.close();
});

test('a job that has passed and is to run each time begins with its first step, whatever earlier runs and tries have left', async () => {
  const [first, second, third] = ['ci/github/3', 'ci/github/4', 'ci/github/5'] as const;
  const from = { run: third, before: [second, first], steps: [], stepHashes: [] };
  const own = await openSqliteStore({ path: `${await tempFolder('passed')}/store.db` });
  const book = createPassedJobs({ config: HOST, records: own.records, log: keepLog().log });
  await book.noteUncounted(JOB, first);
  expect(await book.find(JOB, from)).toEqual({ kind: 'changed', run: first, because: 'it is to run each time' });
  expect(await book.find(JOB, { ...from, writtenHash: hashOf(STEPS) })).toEqual({
    ...{ kind: 'changed', run: first },
    because: 'what it came to there is not kept',
  });
  // It has been written since that it is to run each time.
  await book.note(JOB, second, PASSED);
  expect(await book.find(JOB, from)).toEqual({ kind: 'changed', run: second, because: 'it is to run each time' });
  await own.close();
});

test('a job that fails at each of its tries has failed in its run: what it came to before does not count', async () => {
  const [first, second] = ['ci/github/3', 'ci/github/4'] as const;
  const own = await openSqliteStore({ path: `${await tempFolder('passed')}/store.db` });
  const book = createPassedJobs({ config: HOST, records: own.records, log: keepLog().log });
  await book.note(JOB, first, PASSED);
  await book.forget(JOB, second, { run: first, steps: [], writtenHash: hashOf(STEPS) });
  // Its second try begins anew, and does not know of the run before.
  await book.forget(JOB, second, undefined);
  const from = { run: second, before: [first], steps: [], writtenHash: hashOf(STEPS) };
  expect(await book.find(JOB, from)).toEqual({ kind: 'unknown', failedIn: second });
  await own.close();
});

test('a job that does not pass once more does not count, also where the clock of the worker of its first try is ahead', async () => {
  const [first, second] = ['ci/github/3', 'ci/github/4'] as const;
  const own = await openSqliteStore({ path: `${await tempFolder('passed')}/store.db` });
  const book = createPassedJobs({ config: HOST, records: own.records, log: keepLog().log });
  const known = () => book.find(JOB, { run: second, steps: [], writtenHash: hashOf(STEPS) });
  const now = Date.now;
  try {
    Date.now = () => now() + 60_000;
    await book.note(JOB, second, PASSED);
  } finally {
    Date.now = now;
  }
  expect(await known()).toMatchObject({ kind: 'passed' });
  await book.forget(JOB, second, { run: first, steps: [], writtenHash: hashOf(STEPS) });
  expect(await known()).toEqual({ kind: 'unknown', failedIn: second });
  await own.close();
});

test('a job that has failed once more since it has passed does not go on in what was left before that', async () => {
  const [red, green, redAgain, stopped] = ['ci/github/3', 'ci/github/4', 'ci/github/5', 'ci/github/6'] as const;
  const from = { run: stopped, before: [redAgain, green, red], steps: [], stepHashes: [] };
  const own = await openSqliteStore({ path: `${await tempFolder('passed')}/store.db` });
  const book = createPassedJobs({ config: HOST, records: own.records, log: keepLog().log });
  await book.noteUncounted(JOB, green);
  await book.forget(JOB, redAgain, { run: green, before: [red], steps: [], stepHashes: [] });
  const known = await book.find(JOB, from);
  expect(known).toEqual({ kind: 'unknown', failedIn: redAgain });
  // Its workspace may be on another machine, and that of the first on this one.
  expect(upTo(from, redAgain)).toEqual({ ...from, before: [redAgain] });
  expect(upTo({ ...from, run: redAgain, before: [green, red] }, redAgain)?.before).toEqual([]);
  expect(upTo(from, undefined)).toEqual(from);
  await own.close();
});

test('what is kept holds no command, variable or secret name, is forgotten with its repository, and after a week', async () => {
  await passed.note(JOB, RUN, PASSED);
  const [row] = await store.records.list('hookyard.passed-jobs', { limit: 10 });
  expect(JSON.stringify(row)).not.toMatch(/NODE|npm|"make all"|"run"/);
  for (const named of [{ repository: 'acme/app' }, { source: 'github' }, { source: 'github', repository: 'acme/app' }])
    expect(row && namesRepository(row, named)).toBe(true);
  expect(row && namesRepository(row, { repository: 'acme/ap' })).toBe(false);
  const now = Date.now;
  try {
    const prune = createRecordPruner(store.records);
    for (const [days, deleted] of [
      [6, 0],
      [8, 1],
    ] as const) {
      Date.now = () => now() + days * 24 * 3_600_000;
      expect(await prune({ before: 0, limit: 100 })).toBe(deleted);
    }
  } finally {
    Date.now = now;
  }
});

test('a store that is away is no reason for a job that has passed to fail: it is said in the log', async () => {
  const away = await openSqliteStore({ path: `${await tempFolder('passed')}/store.db` });
  await away.close();
  const log = keepLog();
  const book = createPassedJobs({ config: HOST, records: away.records, log: log.log });
  await book.note(JOB, RUN, PASSED);
  await book.forget(JOB, RUN, undefined);
  expect(log.printed.join('')).toMatch(/could not be kept that a job has passed[\s\S]*could not be forgotten/);
});
