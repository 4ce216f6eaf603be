import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../src/paths.js';
import { knownSources } from '../../src/providers/known-sources.js';
import { SET_ASIDE } from '../../src/runs/set-aside.js';
import { createApp } from '../../src/server/app.js';
import { createDiskMetric } from '../../src/server/disk-metric.js';
import { type Listening, listen } from '../../src/server/listen.js';
import { createReceiverMetrics } from '../../src/server/metrics.js';
import { createStuckRunsMetric } from '../../src/server/stuck-runs-metric.js';
import { createWorkersMetric } from '../../src/server/workers-metric.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { inLane } from '../store/a-claim.js';
import { aDelivery } from '../store/a-delivery.js';
import { deliver } from '../support/harness/delivery.js';
import { keepLog } from '../support/harness/log.js';
import { uniquePush } from '../support/harness/payloads.js';
import { automations } from '../support/harness/receiver.js';
import { testConfig } from '../support/harness/receiver-config.js';
import { evaluate, type Scrape } from '../support/promql.js';
import { tempFolder } from '../support/temp-folder.js';
import { testClient, unique } from '../support/temporal.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

const FILE = join(packageRoot, 'deploy/prometheus-alerts.yaml');
const { groups } = parse(readFileSync(FILE, 'utf8')) as { groups: readonly { rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

/** Rules of what workers count: dashboard.test.ts has a worker, and makes these fire. */
const OF_WORKERS = ['HookyardRunsEndInErrors', 'HookyardMissedLooks'];
const FULL_STORE = 1024 * 1024;
const GIGABYTE = 1024 ** 3;

let store: Store;
let receiver: Listening;
let client: Client & { close(): Promise<void> };
let taskQueue: string;
/** What is told of the disk; as it is if undefined. */
let disk: { bavail: number; blocks: number; bsize: number } | undefined;
let workers: number;
let scrapes: Scrape[];
let scrape: () => Promise<void>;

beforeEach(async () => {
  const folder = await tempFolder('alerts');
  store = await openSqliteStore({ path: join(folder, 'store.db'), limits: { fileBytes: FULL_STORE } });
  client = await testClient();
  taskQueue = unique('alerts');
  disk = undefined;
  workers = 1;
  scrapes = [];
  const metrics = createReceiverMetrics({ inbox: store.inbox, sources: ['github'] });
  const exposeDisk = createDiskMetric(
    { data: folder },
    { room: async () => disk ?? { bavail: 50, blocks: 100, bsize: GIGABYTE }, disk: async () => 1 },
  );
  scrape = async () => {
    const stuck = createStuckRunsMetric({ client, taskQueue, uiUrl: undefined });
    const parts = await Promise.all([
      metrics.expose(),
      exposeDisk(),
      stuck(),
      createWorkersMetric(async () => workers)(),
    ]);
    scrapes.push({ at: scrapes.length * 300, text: parts.join('\n') });
  };
  const config = testConfig();
  const app = createApp({
    config,
    sources: knownSources(config.sources),
    store,
    automations: () => automations,
    client,
    log: keepLog().log,
    metrics,
    wake: () => undefined,
  });
  receiver = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await receiver.close(0);
  await store.close();
  await client.close();
});

const send = (change: Partial<Parameters<typeof deliver>[1]> = {}) =>
  deliver(receiver.url, { body: uniquePush(), ...change });

async function failed(outcomeOf: 'start' | 'signal'): Promise<void> {
  if (outcomeOf === 'start') await store.inbox.accept(aDelivery('failing'));
  else await store.inbox.signal({ id: 's', workflowId: 'w', signal: 'done', payload: {} });
  const claimed = await store.inbox.claim({ limit: 10, leaseMs: 60_000 });
  await store.inbox.settle(
    claimed.map(({ id, kind }) =>
      kind === outcomeOf ? { id, outcome: 'failed', error: 'refused' } : { id, outcome: 'done' },
    ),
  );
}

/** What makes each rule fire: what happens between two scrapes, or before. */
const TROUBLES: Readonly<Record<string, () => Promise<unknown>>> = {
  async HookyardRefusesDeliveries() {
    for (let n = 0; n < 20; n += 1)
      await send({ body: JSON.stringify({ ...JSON.parse(uniquePush()), pad: 'x'.repeat(100_000) }) });
  },
  async HookyardRefusesSignatures() {
    for (let n = 0; n < 3; n += 1) await send({ secret: 'the secret of another' });
  },
  HookyardStoreAway: () => store.close(),
  HookyardInboxIsOld: () => store.inbox.accept(aDelivery('old', { receivedAt: Date.now() - 600_000 })),
  HookyardStartsFailed: () => failed('start'),
  HookyardSignalsFailed: () => failed('signal'),
  async HookyardLanesWait() {
    const receivedAt = Date.now() - 3 * 3_600_000;
    for (const key of ['runs', 'waits']) await store.inbox.accept(inLane(key, {}, { receivedAt }));
    const claimed = await store.inbox.claim({ limit: 10, leaseMs: 60_000 });
    await store.inbox.settle(claimed.map(({ id }) => ({ id, outcome: 'done' })));
  },
  async HookyardLanesRefuse() {
    for (let n = 0; n <= 101; n += 1) await store.inbox.accept(inLane(`k${n}`));
  },
  async HookyardStuckRuns() {
    const run = await client.workflow.start('any', { workflowId: unique('aside'), taskQueue });
    await run.terminate(`${SET_ASIDE}: the worker process died of it`);
    await expect
      .poll(
        async () =>
          (await client.workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Terminated'`)).count,
        {
          timeout: 20_000,
        },
      )
      .toBe(1);
  },
  async HookyardNoWorker() {
    workers = 0;
  },
  async HookyardDiskIsFilling() {
    disk = { bavail: 9, blocks: 100, bsize: GIGABYTE };
  },
  async HookyardDiskIsFull() {
    disk = { bavail: 4, blocks: 10, bsize: GIGABYTE / 10 };
  },
};

const firing = () => rules.filter(({ expr }) => evaluate(expr, scrapes).length > 0).map(({ alert }) => alert);

test('every rule is made to fire, and says what is wrong and what to do', () => {
  expect(rules.map(({ alert }) => alert).sort()).toEqual([...Object.keys(TROUBLES), ...OF_WORKERS].sort());
  for (const { annotations, labels } of rules) {
    expect(annotations.summary.length).toBeGreaterThan(10);
    expect(annotations.description).toMatch(/\.$/);
    expect(['critical', 'warning']).toContain(labels.severity);
  }
});

test('nothing fires while all is well', async () => {
  await send();
  await scrape();
  await send();
  await send({ body: '{"zen": "ping"}', event: 'ping' });
  await scrape();
  expect(firing()).toEqual([]);
});

test.each(Object.entries(TROUBLES))('%s fires, and nothing else', async (alert, trouble) => {
  await send();
  await scrape();
  await trouble();
  // The inbox is counted once a second at most.
  await wait(1_100);
  await scrape();
  expect(firing()).toEqual([alert]);
});

test('every metric of a rule is one that a page of the receiver shows, or the dashboard', async () => {
  await scrape();
  const dashboard = readFileSync(join(packageRoot, 'deploy/grafana-dashboard.json'), 'utf8');
  for (const { alert, expr } of rules)
    for (const metric of expr.match(/\bhookyard_\w+/g) ?? []) expect(dashboard, alert).toContain(metric);
});

const promtool = ['/usr/bin/promtool', '/usr/local/bin/promtool', process.env.HOOKYARD_TEST_PROMTOOL].find((path) => {
  try {
    return path !== undefined && execFileSync(path, ['--version']) !== undefined;
  } catch {
    return false;
  }
});

test.runIf(promtool)('promtool takes the rules', () => {
  expect(execFileSync(promtool ?? '', ['check', 'rules', FILE], { encoding: 'utf8' })).toContain('SUCCESS');
});
