import { afterEach, expect, test } from 'vitest';
import type { StatusInput } from '../../../src/activities/contract/index.js';
import { createReportStatus } from '../../../src/activities/status/report-status.js';
import { createStatusBook, orderOf, type Report } from '../../../src/activities/status/status-book.js';
import { createStatusSweep } from '../../../src/activities/status/sweep-statuses.js';
import { writeReport } from '../../../src/activities/status/write-report.js';
import { createProviders } from '../../../src/providers/apis.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import { startFakeGithub } from '../../support/fake-github/github.js';
import { activity, depsOf } from '../../support/harness/activity.js';
import { closers } from '../../support/harness/closers.js';
import { configOf } from '../../support/harness/config.js';
import { tempFolder } from '../../support/temp-folder.js';
import { testClient } from '../../support/temporal.js';

const SHA = 'a'.repeat(40);
const HOUR = 3_600_000;
const { add, close } = closers();
afterEach(close);

async function setUp() {
  const github = add(await startFakeGithub({ token: 'canary' }));
  const source = {
    kind: 'github' as const,
    secrets: [{ env: 'WEBHOOK' }],
    api: { url: github.url, token: { env: 'TOKEN' } },
  };
  const deps = depsOf(configOf({ sources: { github: source } }, { WEBHOOK: 'w', TOKEN: 'canary' }));
  const store = add(await openSqliteStore({ path: `${await tempFolder('statuses')}/store.db` }));
  const reportStatus = createReportStatus({ ...deps, store });
  const book = createStatusBook(store.records);
  /** Reports as the run does that began in a second of a minute, with its activity number `place`. */
  const report = (
    second: number,
    state: StatusInput['state'],
    {
      place = '1',
      askedAt = Date.now(),
      attempt = 1,
      unadmitted,
      binding,
      lifts,
    }: {
      place?: string;
      askedAt?: number;
      attempt?: number;
      unadmitted?: true;
      binding?: true;
      lifts?: true;
    } = {},
  ) =>
    activity({
      attempt,
      activityId: place,
      scheduledTimestampMs: askedAt,
      workflowExecution: { workflowId: `ci/${second}`, runId: `run-${second}` },
    }).run(reportStatus, {
      ...{ source: 'github', repository: 'acme/app', sha: SHA, context: 'hookyard/ci', state },
      description: `of run ${second}`,
      runStartedAt: new Date(Date.UTC(2026, 10, 24, 8, 0, second)).toISOString(),
      ...(unadmitted && { unadmitted }),
      ...(binding && { binding }),
      ...(lifts && { lifts }),
    });
  const said = () => github.statuses.map(({ state, description }) => `${state} ${description}`);
  return { github, deps, store, book, report, said };
}

test('an older run reports nothing over a newer one, whatever either has to say', async () => {
  const { report, said } = await setUp();
  await report(1, 'pending');
  await report(2, 'pending');
  expect(await report(1, 'success', { place: '2' })).toMatchObject({ reported: false });
  await report(2, 'success', { place: '2' });
  for (const state of ['pending', 'failure', 'error', 'success', 'skipped'] as const)
    expect(await report(1, state, { place: '3' })).toMatchObject({ reported: false });
  expect(said()).toEqual(['pending of run 1', 'pending of run 2', 'success of run 2']);
  await report(3, 'failure');
  expect(said().at(-1)).toBe('failure of run 3');
});

test('a run that was not let in reports nothing over one that was, and hides nothing of it, whenever it began', async () => {
  const { report, said } = await setUp();
  const unadmitted = true;
  // Filtered, and then a newer run waits for an approval: nothing that was skipped stays green.
  await report(1, 'skipped', { unadmitted });
  await report(3, 'pending', { unadmitted });
  await report(2, 'pending');
  for (const state of ['pending', 'error', 'skipped'] as const)
    expect(await report(4, state, { unadmitted }), state).toMatchObject({ reported: false });
  await report(2, 'success', { place: '2' });
  expect(await report(3, 'error', { place: '2', unadmitted })).toMatchObject({ reported: false });
  expect(said()).toEqual(['success of run 1', 'pending of run 3', 'pending of run 2', 'success of run 2']);
});

test('a late repeat of an earlier report of a run does not hide its end', async () => {
  const { report, said } = await setUp();
  const askedAt = Date.now();
  await report(1, 'success', { place: '9', askedAt });
  expect(await report(1, 'pending', { place: '8', askedAt, attempt: 3 })).toMatchObject({ reported: false });
  expect(said()).toEqual(['success of run 1']);
});

test('of two writes under way at once, the newer is what the provider is told at last', async () => {
  const { book } = await setUp();
  const told: string[] = [];
  const of = (second: number): Report => ({
    ...{ source: 'github', repository: 'acme/app', sha: SHA, context: 'hookyard/ci', state: 'failure' },
    description: `of run ${second}`,
    run: `ci/${second}`,
    order: orderOf({ startedAt: `2026-11-24T08:00:0${second}.000Z`, runId: 'r', askedAt: 1, place: '1' }),
  });
  await book.note(of(1));
  const api = {
    writeStatus: async ({ description }: { description: string }) => {
      // The newer is noted and written while the older is on its way, which arrives last.
      if (told.length === 0) {
        await book.note(of(2));
        told.push(of(2).description);
      }
      told.push(description);
    },
  };
  await writeReport({ api, book }, of(1));
  expect(told).toEqual(['of run 2', 'of run 1', 'of run 2']);
  expect(await book.open({ limit: 10 })).toEqual([]);
});

test('what is reported while the provider is away for an hour is written once it is back, also after the run', async () => {
  const { github, deps, store, book, report, said } = await setUp();
  const sweep = createStatusSweep({
    ...{ config: deps.config, log: deps.log, book, inbox: store.inbox },
    client: add(await testClient()),
    providers: createProviders({ config: deps.config, log: deps.log }),
  });
  github.away = true;
  await expect(report(0, 'failure')).rejects.toMatchObject({ type: 'Away', nonRetryable: false });
  expect(await report(1, 'failure', { askedAt: Date.now() - 2 * HOUR, attempt: 30, place: '2' })).toMatchObject({
    reported: false,
    later: true,
  });
  await sweep.pass();
  expect(said()).toEqual([]);
  github.away = false;
  const patient = createStatusSweep({
    ...{ config: deps.config, log: deps.log, book, inbox: store.inbox },
    client: add(await testClient()),
    providers: createProviders({ config: deps.config, log: deps.log }),
  });
  await patient.pass();
  expect(said()).toEqual(['failure of run 1']);
  expect(await book.open({ limit: 10 })).toEqual([]);
  expect(await store.records.list('hookyard.statuses', { limit: 10 })).toHaveLength(1);
});

test.each(['left', 'written'])('what is pending ends once where its run has ended after it was %s', async (how) => {
  const { github, deps, store, book, report, said } = await setUp();
  github.away = true;
  await report(1, 'pending', { askedAt: Date.now() - 2 * HOUR });
  github.away = false;
  const [open] = await book.open({ limit: 1 });
  if (how === 'written') await book.settle(open?.report as Report);
  const sweep = createStatusSweep({
    ...{ config: deps.config, log: deps.log, book, inbox: store.inbox },
    client: add(await testClient()),
    providers: createProviders({ config: deps.config, log: deps.log }),
  });
  await sweep.pass();
  expect(await book.open({ limit: 10 })).toEqual([]);
  await sweep.pass();
  expect(said()).toEqual(['error the run is gone: it was deleted']);
});

test('a report that can never be ended does not hold up the others', async () => {
  const { github, deps, store, book, report, said } = await setUp();
  await report(1, 'pending');
  const [first] = await book.open({ limit: 1 });
  const before = { ...(first?.report as Report), source: 'a-source', run: 'ci/0', description: 'of no source' };
  await book.note(before);
  const providers = createProviders({ config: deps.config, log: deps.log });
  const sweep = createStatusSweep({
    ...{ config: deps.config, log: deps.log, book, inbox: store.inbox },
    client: add(await testClient()),
    providers: {
      repository: async (source, name) => {
        if (source === 'a-source') throw new TypeError('what nobody thought of');
        return providers.repository(source, name);
      },
    },
  });
  await expect(sweep.pass()).rejects.toThrow('what nobody thought of');
  await sweep.pass();
  expect(said().at(-1)).toBe('error the run is gone: it was deleted');
  expect(github.statuses).toHaveLength(2);
});

test('what the provider refuses for good is not tried for ever', async () => {
  const { github, book, report } = await setUp();
  github.insteadOf('POST', { status: 422, body: { message: 'Validation Failed' } });
  await expect(report(1, 'success')).rejects.toMatchObject({ type: 'Refused' });
  expect(await book.open({ limit: 10 })).toEqual([]);
});

test('reports are ordered by the start of their run, then by when the run asked, then by place', () => {
  const base = { startedAt: '2026-11-24T08:00:00.000Z', runId: 'r', askedAt: 999, place: '9' };
  const orders = [
    base,
    { ...base, place: '10' },
    { ...base, askedAt: 1_000, place: '1' },
    { ...base, askedAt: 10_000, place: '1' },
    // The same run, reset by an operator.
    { ...base, askedAt: 20_000, runId: 'a', place: '1' },
    { ...base, startedAt: '2026-11-24T08:00:00.001Z', askedAt: 1, place: '1' },
  ].map(orderOf);
  expect([...orders].sort()).toEqual(orders);
  expect(new Set(orders).size).toBe(orders.length);
});

test('what a run has said for good of a failing test, it says nothing green or pending over; another run does', async () => {
  const { report, said } = await setUp();
  await report(1, 'pending');
  await report(1, 'failure', { place: '2', binding: true });
  const green = ['success', 'pending'] as const;
  for (const state of green)
    expect(await report(1, state, { place: '3' })).toEqual({
      reported: false,
      because: 'a failing test of this run has turned it red',
    });
  expect(await report(1, 'skipped', { place: '3' })).toMatchObject({ reported: false });
  // Its own end is red too, and binds as much.
  await report(1, 'failure', { place: '4' });
  for (const state of green) expect(await report(1, state, { place: '5' })).toMatchObject({ reported: false });
  await report(2, 'success');
  expect(said()).toEqual(['pending of run 1', 'failure of run 1', 'failure of run 1', 'success of run 2']);
});

test('a job that passes after all lifts what an attempt of it, or a job of its name, has turned red', async () => {
  const { report, said } = await setUp();
  await report(1, 'failure', { place: '2', binding: true });
  await report(1, 'success', { place: '3' });
  await report(1, 'success', { place: '4', lifts: true });
  expect(said()).toEqual(['failure of run 1', 'success of run 1']);
  // Nothing binds any more; what an older run says is still not written over it.
  expect(await report(1, 'pending', { place: '5' })).toEqual({ reported: true });
  await report(2, 'failure', { binding: true });
  expect(await report(1, 'success', { place: '6', lifts: true })).toMatchObject({ reported: false });
});
