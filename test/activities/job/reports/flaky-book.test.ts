import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createAccount } from '../../../../src/activities/job/reports/account.js';
import { createFlakyBook, type FlakyBook, type TestsOf } from '../../../../src/activities/job/reports/flaky-book.js';
import { idOf, type RawCase } from '../../../../src/activities/job/reports/raw-case.js';
import { createRecordPruner } from '../../../../src/activities/prune-records.js';
import { FAILED_TESTS, FLAKY_TESTS, flakyOf } from '../../../../src/runs/flaky-records.js';
import { listFlakyTests } from '../../../../src/server/api/flaky.js';
import { openSqliteStore } from '../../../../src/store/sqlite/open.js';
import type { Store } from '../../../../src/store/store.js';
import { tempFolder } from '../../../support/temp-folder.js';

const OF: TestsOf = {
  ...{ source: 'github', repository: 'acme/app', sha: 'a'.repeat(40), automation: 'ci', job: 'test', step: 'unit' },
  run: 'ci/1',
};

const open: Store[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});
async function records() {
  const store = await openSqliteStore({ path: `${await tempFolder('flaky')}/store.db` });
  open.push(store);
  return store.records;
}

type Results = Readonly<Record<string, 'passed' | 'failed' | 'skipped'>>;

/** One try of a step. Returns the names of the tests that were flaky in it. */
async function trial(book: FlakyBook, results: Results, change: Partial<TestsOf> = {}): Promise<string[]> {
  const of = { ...OF, ...change };
  const account = createAccount(await book.failedBefore(of));
  for (const [name, outcome] of Object.entries(results))
    account.add({
      name,
      suite: 's',
      outcome,
      said: outcome === 'failed' ? [{ message: `${name} broke`, text: '' }] : [],
    });
  const flaky = account
    .flaky()
    .map(({ name, suite }) => ({ name, suite: suite ?? '', outcome: 'flaky' as const, message: 'm' }));
  await book.note(of, { failed: account.failed(), flaky });
  return account.flaky().map(({ name }) => name);
}

test('a test that failed and then passes on the same commit is flaky, once', async () => {
  const store = await records();
  const book = createFlakyBook(store);
  expect(await trial(book, { a: 'failed', b: 'failed', c: 'passed' })).toEqual([]);
  expect(await trial(book, { a: 'passed', b: 'failed', c: 'passed' }, { run: 'ci/2' })).toEqual(['a']);
  expect(await trial(book, { a: 'passed', b: 'passed' })).toEqual(['b']);
  expect(await trial(book, { a: 'passed', b: 'passed' })).toEqual([]);
  const { tests } = await listFlakyTests(store, { limit: 10 });
  expect(tests.map(({ test: name, times, run }) => [name, times, run]).sort()).toEqual([
    ['a', 1, 'ci/2'],
    ['b', 1, 'ci/1'],
  ]);
});

test('on another commit, in another job or step, it is only mended', async () => {
  const book = createFlakyBook(await records());
  await trial(book, { a: 'failed' });
  for (const change of [
    { sha: 'b'.repeat(40) },
    { job: 'other' },
    { step: 'e2e' },
    { repository: 'acme/b' },
    { automation: 'x' },
  ])
    expect(await trial(book, { a: 'passed' }, change)).toEqual([]);
  expect(await trial(book, { a: 'passed' })).toEqual(['a']);
});

test('what a try comes to is noted though the clock was ahead in the one before', async () => {
  const store = await records();
  const book = createFlakyBook(store);
  await trial(book, { a: 'failed' });
  const [row] = await store.list(FAILED_TESTS, { limit: 1 });
  if (!row) throw new Error('nothing was noted');
  await store.upsert({ ...row, version: Date.now() + 3_600_000 });
  expect(await trial(book, { a: 'passed' })).toEqual(['a']);
  expect(await trial(book, { a: 'passed' })).toEqual([]);
});

test('a test that is not in the reports of a try is still to pass', async () => {
  const book = createFlakyBook(await records());
  await trial(book, { a: 'failed', b: 'failed' });
  expect(await trial(book, { b: 'skipped' })).toEqual([]);
  expect(await trial(book, { a: 'passed', b: 'passed' })).toEqual(['a', 'b']);
});

test('flaky tests are counted, listed by repository, the latest first, and forgotten after 30 days', async () => {
  const store = await records();
  const book = createFlakyBook(store);
  for (const repository of ['acme/app', 'acme/b', 'acme/app'])
    for (const outcome of ['failed', 'passed'] as const) await trial(book, { a: outcome }, { repository });
  const list = (repository?: string) => listFlakyTests(store, { repository, limit: 10 });
  expect((await list()).tests.map(({ repository, times }) => [repository, times])).toEqual([
    ['acme/app', 2],
    ['acme/b', 1],
  ]);
  expect((await list('ACME/B')).tests).toHaveLength(1);
  expect(await listFlakyTests(store, { limit: 1 })).toMatchObject({ tests: [{}], more: true });
  const prune = createRecordPruner(store);
  expect(await prune({ before: Date.now() + 60_000, limit: 100 })).toBe(0);
  const now = Date.now;
  try {
    Date.now = () => now() + 31 * 24 * 3_600_000;
    expect(await prune({ before: 0, limit: 100 })).toBe(4);
  } finally {
    Date.now = now;
  }
  expect((await list()).tests).toEqual([]);
});

test('rows of another version are skipped, and do no harm', async () => {
  const store = await records();
  for (const collection of [FLAKY_TESTS, FAILED_TESTS])
    await store.upsert({ collection, key: 'x', version: 1, data: { odd: true } });
  expect(flakyOf({ odd: true })).toBeUndefined();
  expect((await listFlakyTests(store, { limit: 10 })).tests).toEqual([]);
});

test('whatever the tries come to, flaky is what failed in one and passed in a later one, and nothing else', async () => {
  const outcome = fc.constantFrom<RawCase['outcome'] & Results[string]>('passed', 'failed', 'skipped');
  const results = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'constructor'), outcome, { noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(fc.array(results, { maxLength: 6 }), async (tries) => {
      const book = createFlakyBook(memory());
      const failed = new Set<string>();
      for (const each of tries) {
        const expected = Object.entries(each).flatMap(([name, how]) =>
          how === 'passed' && failed.has(name) ? [name] : [],
        );
        expect(await trial(book, each)).toEqual(expected);
        for (const [name, how] of Object.entries(each)) {
          if (how === 'failed') failed.add(name);
          if (how === 'passed') failed.delete(name);
        }
      }
    }),
    { numRuns: 100 },
  );
});

/** Holds rows as the stores do, but for versions. */
function memory(): Parameters<typeof createFlakyBook>[0] {
  const rows = new Map<string, unknown>();
  return {
    get: async (collection, key) =>
      rows.has(`${collection} ${key}`)
        ? { collection, key, version: 1, data: rows.get(`${collection} ${key}`), updatedAt: 0 }
        : undefined,
    upsert: async ({ collection, key, data }) => {
      rows.set(`${collection} ${key}`, JSON.parse(JSON.stringify(data)));
      return 'written';
    },
  };
}

test('what a test is known by tells apart suites and names', () => {
  expect(idOf({ suite: 'a', name: 'b c' })).not.toBe(idOf({ suite: 'a b', name: 'c' }));
});
