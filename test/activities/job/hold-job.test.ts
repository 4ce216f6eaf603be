import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { CloseJobInput, HoldJobInput, JobReady } from '../../../src/activities/contract/index.js';
import { createArtifactBook } from '../../../src/activities/job/artifacts/artifact-book.js';
import { createHeldJobs } from '../../../src/activities/job/hold-job.js';
import { PASSED_JOBS } from '../../../src/activities/job/passed/passed-jobs.js';
import { hashOf } from '../../../src/runs/hash.js';
import { activity, type Jobs, openJobs, WORKFLOW } from '../../support/harness/jobs.js';

const STEP = { name: 'build', run: 'echo builds' };
const AROUND = {
  ...{ workflowExecution: WORKFLOW, workflowType: 'ci', taskQueue: 'jobs' },
  ...{ heartbeatTimeoutMs: 10_000, startToCloseTimeoutMs: 600_000 },
};
const RESULT = { steps: [{ name: 'build', outcome: 'passed', durationMs: 1 } as const], outputs: {} };

/** Has a worker hold a job, run its step or not, and close it as one that has passed. */
async function holdAndClose(
  jobs: Jobs,
  { runs, more = {}, how = {} }: { runs: boolean; more?: Partial<HoldJobInput>; how?: Partial<CloseJobInput> },
) {
  const { config, store } = jobs;
  const held = createHeldJobs({ config, store, log: pino({ level: 'silent' }), reportPending: async () => {} });
  let tell: (ready: JobReady) => void = () => undefined;
  const told = new Promise<JobReady>((resolve) => {
    tell = resolve;
  });
  const signal = async (_: string, ready: JobReady) => tell(ready);
  const client = {
    workflow: { getHandle: () => ({ signal }) },
    withAbortSignal: (_: AbortSignal, work: () => unknown) => work(),
  } as unknown as Client;
  const { steps: _, ...input } = await jobs.input({ steps: [] });
  const holding = activity(AROUND, client).run(held.holdJob, {
    ...input,
    id: 'test 1',
    steps: 1,
    afterMs: 1_000,
    ...more,
  });
  const { workspace } = await Promise.race([told, holding.then(() => Promise.reject(new Error('it was not held')))]);
  if (runs) await activity(AROUND).run(held.runStep, { workspace, step: STEP, number: 1, attempt: 1 });
  const passed = { steps: [], stepsHash: hashOf([STEP]), result: RESULT, tries: 1 };
  await activity(AROUND).run(held.closeJob, { workspace, passed, ...how });
  const came = await holding;
  return { came, rows: await store.records.list(PASSED_JOBS, { limit: 10 }) };
}

test('a worker that has run the steps of a job notes that it has passed', async () => {
  const jobs = await openJobs();
  await jobs.commit({ 'word.txt': 'first\n' });
  const { rows } = await holdAndClose(jobs, { runs: true });
  expect(rows).toMatchObject([{ data: { passed: { tries: 1 } } }]);
  await jobs.close();
});

test('a worker that takes the place of one that was lost after all steps, and has run none, notes no pass: what it has checked out may be another merge', async () => {
  const jobs = await openJobs();
  await jobs.commit({ 'word.txt': 'first\n' });
  expect((await holdAndClose(jobs, { runs: false })).rows).toEqual([]);
  await jobs.close();
});

test('a worker that takes the place of one that was lost while it kept artifacts tells which are not there', async () => {
  const jobs = await openJobs();
  await jobs.commit({ 'word.txt': 'first\n' });
  const book = createArtifactBook(jobs.store.records);
  const of = { run: WORKFLOW.workflowId, job: 'test', source: 'github', repository: 'acme/app', place: 'here' };
  const kept = { ...of, hash: 'a'.repeat(64), bytes: 5, files: 1, expiresAt: Date.now() + 3_600_000 };
  await book.note({ ...kept, name: 'log', savedAt: Date.now() + 60_000 });
  await book.note({ ...kept, name: 'tried', savedAt: Date.now() - 60_000 });
  const artifacts = ['log', 'tried', 'site'].map((name) => ({ name, paths: [name] }));
  const { came } = await holdAndClose(jobs, { runs: false, more: { attemptsBefore: 1, artifacts } });
  const because = 'its worker was lost before it was kept';
  expect(came.artifacts).toEqual([
    { name: 'log', kept: { bytes: 5, files: 1 } },
    { name: 'tried', because },
    { name: 'site', because },
  ]);
  const told = (await jobs.lines()).map(({ text }) => text);
  expect(told).toContain(`artifact site: not kept: ${because}`);
  await jobs.close();
});

test.each([
  ['a job whose steps were all skipped', {}],
  ['a job that goes on in a snapshot, and whose later steps were all skipped', { attemptsBefore: 1 }],
])('%s keeps what it is to keep, and counts as passed', async (_, more) => {
  const jobs = await openJobs();
  await jobs.commit({ 'word.txt': 'first\n' });
  const artifacts = [{ name: 'word', paths: ['word.txt'] }];
  const { came, rows } = await holdAndClose(jobs, { runs: false, more: { artifacts, ...more }, how: { whole: true } });
  expect(came.artifacts).toEqual([{ name: 'word', kept: { bytes: expect.any(Number), files: 1 } }]);
  expect((await jobs.lines()).map(({ text }) => text).join('\n')).toMatch(/^artifact word: kept, /m);
  expect(rows).toMatchObject([{ data: { passed: { artifacts: ['word'] } } }]);
  await jobs.close();
});
