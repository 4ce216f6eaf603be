import { afterEach, expect, test } from 'vitest';
import { createStatusBook, orderOf } from '../../../src/activities/status/status-book.js';
import { createStatusSweep } from '../../../src/activities/status/sweep-statuses.js';
import { createQueueStatuses } from '../../../src/activities/status/tell-queued.js';
import type { LaneClaim } from '../../../src/lanes/concurrency.js';
import { createProviders } from '../../../src/providers/apis.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Automation } from '../../../src/triggers/automation.js';
import { inLane } from '../../store/a-claim.js';
import { startFakeGithub } from '../../support/fake-github/github.js';
import { depsOf } from '../../support/harness/activity.js';
import { closers } from '../../support/harness/closers.js';
import { configOf } from '../../support/harness/config.js';
import { tempFolder } from '../../support/temp-folder.js';
import { testClient } from '../../support/temporal.js';
import { pushEvent } from '../../triggers/sample-events.js';

const { add, close } = closers();
afterEach(close);

/** What waits is told of once it has waited for a while: tests are that much later. */
const LATER_MS = 60_000;
const SINCE = Date.now() - LATER_MS;
const CI: Automation = { name: 'ci', on: [{ kind: 'push' }], file: 'ci.ts' };

async function setUp({ ci = CI, uiUrl }: { ci?: Automation; uiUrl?: string } = {}) {
  const github = add(await startFakeGithub({ token: 'canary' }));
  const source = {
    kind: 'github' as const,
    secrets: [{ env: 'WEBHOOK' }],
    api: { url: github.url, token: { env: 'TOKEN' } },
  };
  const temporal = uiUrl === undefined ? {} : { temporal: { uiUrl } };
  const { config, log } = depsOf(
    configOf({ sources: { github: source }, ...temporal }, { WEBHOOK: 'w', TOKEN: 'canary' }),
  );
  const store = add(await openSqliteStore({ path: `${await tempFolder('waiting')}/store.db` }));
  const book = createStatusBook(store.records);
  const shared = { config, log, book, inbox: store.inbox, providers: createProviders({ config, log }) };
  const { lanes } = store;
  const toTell: typeof lanes.toTell = (options) => lanes.toTell({ ...options, before: options.before + LATER_MS });
  const { pass } = createQueueStatuses({
    ...{ ...shared, namespace: 'default', automations: () => [ci] },
    lanes: { toTell, noteTold: lanes.noteTold },
  });
  const accept = async (key: string, claim: Partial<LaneClaim> = {}) => {
    const event = pushEvent({
      source: 'github',
      repository: { id: '1', fullName: 'acme/app', url: 'http://hub/acme/app', private: false },
      commit: { sha: shaOf(key) },
    });
    await store.inbox.accept(inLane(key, claim, { source: 'github', receivedAt: SINCE, events: [event] }));
  };
  const handOver = async () => {
    const claimed = await store.inbox.claim({ limit: 100, leaseMs: 60_000 });
    await store.inbox.settle(claimed.map(({ id }) => ({ id, outcome: 'done' })));
    return claimed;
  };
  const said = () =>
    github.statuses
      .splice(0)
      .map(({ sha, state, context, description }) => `${keyOf(sha)} ${context} ${state} ${description}`);
  return { github, config, log, store, lanes, book, shared, pass, accept, handOver, said };
}

const shaOf = (key: string) => Buffer.from(key.padEnd(20)).toString('hex');
const keyOf = (sha: string) => Buffer.from(sha, 'hex').toString().trim();

test('a commit says which place its run has, and only when that changes', async () => {
  const { lanes, pass, accept, handOver, said } = await setUp();
  for (const key of ['a', 'b', 'c']) await accept(key);
  await handOver();
  await pass();
  const lane = 'of the lane deploy';
  const [b, c] = [
    `b hookyard/ci pending queued: 1st, after run a ${lane}`,
    `c hookyard/ci pending queued: 2nd, after run b ${lane}`,
  ];
  expect(said()).toEqual([b, c]);
  await pass();
  expect(said()).toEqual([]);
  await lanes.setMode({ lane: 'deploy', mode: 'paused', by: 'ada', reason: 'no deploys until Monday' });
  await pass();
  await pass();
  expect(said()).toEqual([
    'b hookyard/ci pending paused: no deploys until Monday',
    'c hookyard/ci pending paused: no deploys until Monday',
  ]);
  await lanes.setMode({ lane: 'deploy', mode: 'open', by: 'ada' });
  await lanes.moveAhead({ workflowId: 'c', by: 'ada' });
  await pass();
  expect(said()).toEqual([
    `b hookyard/ci pending queued: 2nd, after run c ${lane}`,
    `c hookyard/ci pending queued: 1st, after run a ${lane}`,
  ]);
});

test('of a run that begins it is told no more: it does so itself, and nothing that is told late covers that', async () => {
  const { github, lanes, book, pass, accept, handOver, said } = await setUp();
  for (const key of ['a', 'b']) await accept(key);
  await handOver();
  await pass();
  said();
  await lanes.leave(['a']);
  expect(await handOver()).toMatchObject([{ workflowId: 'b', how: { told: true } }]);
  await pass();
  expect(said()).toEqual([]);
  // As the run does, by whatever clock.
  const report = {
    ...{ source: 'github', repository: 'acme/app', sha: shaOf('b'), context: 'hookyard/ci', run: 'b' },
    ...{ state: 'pending' as const, description: 'the run has begun' },
    order: orderOf({ startedAt: '2001-01-01T00:00:00.000Z', askedAt: 1, runId: 'r', place: '1' }),
  };
  expect(await book.note(report)).toBe(true);
  expect(github.statuses).toEqual([]);
});

test('a run that never begins ends its status: superseded, taken out, or refused, which is told though nothing was before', async () => {
  const { lanes, pass, accept, handOver, said } = await setUp();
  await accept('a');
  await handOver();
  for (const key of ['b', 'c']) await accept(key, { kind: key, onBusy: 'keep-newest' });
  await pass();
  said();
  await accept('d', { kind: 'b', onBusy: 'keep-newest' });
  await lanes.takeOut({ workflowId: 'c', because: 'cancelled by ada through hookyard cancel' });
  await accept('e', { onBusy: 'reject' });
  await pass();
  await pass();
  expect(said()).toEqual([
    'b hookyard/ci error superseded by d',
    'c hookyard/ci error cancelled by ada through hookyard cancel',
    'e hookyard/ci error a runs in the lane',
    'd hookyard/ci pending queued: 1st, after run a of the lane deploy',
  ]);
});

test('a long queue is told of in small parts, and of its tail no step is told', async () => {
  const { lanes, pass, accept, handOver, said } = await setUp();
  for (let n = 0; n <= 12; n++) await accept(`k${n}`);
  await handOver();
  await pass();
  expect(said()).toHaveLength(5);
  await pass();
  await pass();
  expect(said().at(-1)).toBe('k12 hookyard/ci pending queued: over 10 before it');
  await lanes.leave(['k0']);
  await handOver();
  await pass();
  await pass();
  expect(said()).toHaveLength(10);
  await pass();
  // The last has as many before it as are told exactly.
  expect(said()).toEqual([]);
});

test('a run that waits says nothing in the place of its checks, and one that never begins ends each of them', async () => {
  const ci: Automation = { ...CI, checks: ['test', 'lint'] };
  const { github, lanes, pass, accept, handOver, said } = await setUp({ ci, uiUrl: 'http://ui' });
  for (const key of ['a', 'b']) await accept(key);
  await handOver();
  await pass();
  expect(github.statuses).toMatchObject([
    { context: 'hookyard/ci', target_url: 'http://ui/namespaces/default/workflows/a' },
  ]);
  said();
  await lanes.takeOut({ workflowId: 'b', because: 'cancelled by ada' });
  await accept('c', { onBusy: 'reject' });
  await pass();
  await pass();
  expect(said()).toEqual([
    'b hookyard/ci error cancelled by ada',
    'b hookyard/ci/test error cancelled by ada',
    'b hookyard/ci/lint error cancelled by ada',
    'c hookyard/ci/test error a runs in the lane',
    'c hookyard/ci/lint error a runs in the lane',
  ]);
});

test('while the provider is away nothing is lost, and what is told once it is back is the last word', async () => {
  const { github, lanes, log, config, shared, pass, accept, handOver, said } = await setUp();
  for (const key of ['a', 'b']) await accept(key);
  await handOver();
  github.away = true;
  await pass();
  await pass();
  github.away = false;
  expect(said()).toEqual([]);
  const sweep = createStatusSweep({ ...shared, config, log, client: add(await testClient()) });
  await sweep.pass();
  expect(said()).toEqual(['b hookyard/ci pending queued: 1st, after run a of the lane deploy']);
  await lanes.takeOut({ workflowId: 'b', because: 'cancelled by ada' });
  await sweep.pass();
  expect(said()).toEqual(['b hookyard/ci error cancelled by ada']);
});

test('what sweeps up after runs ends nothing of a run that waits to begin', async () => {
  const { shared, book, pass, accept, handOver, said } = await setUp();
  for (const key of ['a', 'b']) await accept(key);
  await handOver();
  await pass();
  said();
  const sweep = createStatusSweep({ ...shared, client: add(await testClient()) });
  await sweep.pass();
  expect(said()).toEqual([]);
  expect(await book.open({ limit: 10 })).toHaveLength(1);
});
