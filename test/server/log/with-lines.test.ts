import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TimelineEntry } from '../../../src/server/api/contract.js';
import { withLines } from '../../../src/server/api/log/with-lines.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { tempFolder } from '../../support/temp-folder.js';

const RUN = 'ci/github/1';
const at = (second: number) => Date.parse('2026-11-24T08:00:00Z') + second * 1_000;
let store: Store;

beforeAll(async () => {
  store = await openSqliteStore({ path: join(await tempFolder('lines'), 'store.db') });
  const write = (job: string, second: number, ...texts: string[]) =>
    store.logs.append(
      { workflowId: RUN, job },
      texts.map((text) => ({ at: at(second), stream: 'note' as const, attempt: 1, text })),
    );
  await write('test-20', 1, 'prepared', 'step 1 of 2: install');
  await write('test-22', 2, 'step 1 of 2: install');
  await write('test-20', 5, 'install: passed in 4.0 s', 'step 2 of 2: tests');
  await write(
    'test-20',
    60,
    'tests: failed with exit code 1 after 50.0 s',
    'step 1 of 2: install',
    'step 2 of 2: tests',
  );
});
afterAll(() => store.close());

const step = (job: string, number: number, second: number): TimelineEntry => ({
  ...{ kind: 'step', name: 'a step', job, number, state: 'running', startedAt: new Date(at(second)).toISOString() },
});
const linesOf = async (jobs: readonly string[], ...timeline: TimelineEntry[]) =>
  (await withLines(store.logs, { run: RUN, timeline, jobs })).map(({ line }) => line);

test('a step has the line at which it begins in the log of its own job', async () => {
  const jobs = ['test-20', 'test-22'];
  expect(await linesOf(jobs, step('test-20', 1, 1), step('test-22', 1, 2), step('test-20', 2, 5))).toEqual([2, 1, 4]);
});

test('of a job that was tried again, each try has its own lines', async () => {
  expect(await linesOf(['test-20'], step('test-20', 2, 5), step('test-20', 2, 61))).toEqual([4, 7]);
});

test('what is no step, has written nothing, or is of a job without a log has no line', async () => {
  const wait: TimelineEntry = { kind: 'wait', name: 'lane', state: 'passed', startedAt: new Date(at(0)).toISOString() };
  expect(await linesOf(['test-20'], wait, step('test-20', 9, 1), step('test-24', 1, 1))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('of more jobs than are looked into, one that failed has its lines, wherever it stands', async () => {
  const jobs = [...Array.from({ length: 40 }, (_, number) => `job-${number}`), 'test-20'];
  const others = jobs.slice(0, 40).map((job) => step(job, 1, 1));
  const lines = await linesOf(jobs, ...others, { ...step('test-20', 2, 5), state: 'failed' });
  expect(lines.at(-1)).toBe(4);
});
