import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadCatalog } from '../../src/catalog/load.js';
import { temporalMetrics } from '../../src/cli/processes/metrics.js';
import { createDispatchMetrics } from '../../src/dispatch/metrics.js';
import { packageRoot } from '../../src/paths.js';
import { ARTIFACTS } from '../../src/runs/artifact-records.js';
import { CACHES } from '../../src/runs/cache-records.js';
import { RECONCILE_WORKFLOW } from '../../src/runs/names.js';
import { countWorkers } from '../../src/server/api/count-workers.js';
import { createDiskMetric } from '../../src/server/disk-metric.js';
import { createKeptMetric } from '../../src/server/kept-metric.js';
import { createReceiverMetrics } from '../../src/server/metrics.js';
import { createStuckRunsMetric } from '../../src/server/stuck-runs-metric.js';
import { createWorkersMetric } from '../../src/server/workers-metric.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { installRuntime } from '../../src/worker/runtime.js';
import { type RunningWorker, startWorker } from '../../src/worker/worker.js';
import { configOf } from '../support/harness/config.js';
import { freeAddress } from '../support/harness/free-address.js';
import { keepLog } from '../support/harness/log.js';
import { evaluate, type Scrape } from '../support/promql.js';
import { tempFolder } from '../support/temp-folder.js';
import { temporalAddress, testClient, unique } from '../support/temporal.js';
import { pushEvent } from '../triggers/sample-events.js';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const { panels } = JSON.parse(readFileSync(join(packageRoot, 'deploy/grafana-dashboard.json'), 'utf8')) as {
  panels: readonly Panel[];
};
const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

const { log } = keepLog();
const WEBHOOK_SECRET = `whsec_${Buffer.from('a webhook secret of over 24 bytes').toString('base64')}`;

let folder: string;
let partner: Server;
let store: Store;
let connection: NativeConnection;
let worker: RunningWorker;
let client: Awaited<ReturnType<typeof testClient>>;
let exposed = '';
/** Pages of the worker alone: at its start, after one failed run, after two and a look, and after another look. */
const pages: Scrape[] = [];

/** Everything that a receiver and a worker expose once a run has failed because an endpoint refused its message. */
beforeAll(async () => {
  partner = createServer((req, res) => req.resume().on('end', () => res.writeHead(400).end()));
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`;
  folder = await tempFolder('dashboard');
  const read = configOf(
    {
      sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }], api: { token: { env: 'TOKEN' } } } },
      endpoints: { partner: { url, secrets: [{ env: 'WEBHOOK' }], allowPrivate: true } },
    },
    { HOOK: 'x', WEBHOOK: WEBHOOK_SECRET, TOKEN: 'ghp_token' },
  );
  const config = { ...read, data: folder, temporal: { ...read.temporal, taskQueue: unique('dashboard') } };
  const address = `127.0.0.1:${(await freeAddress()).port}`;
  installRuntime(log, { metricsAddress: address });
  store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
  connection = await NativeConnection.connect({ address: temporalAddress() });
  client = await testClient();
  const catalog = await loadCatalog(join(packageRoot, 'test/deploy/automations'));
  worker = await startWorker({ connection, namespace: 'default', config, store, log }, catalog);
  const { taskQueue } = config.temporal;
  const fail = () =>
    client.workflow
      .execute('refused', { workflowId: unique('refused'), taskQueue, args: [pushEvent()] })
      .catch(() => undefined);
  const readPage = async () => {
    pages.push({ at: pages.length * 300, text: await temporalMetrics(address)() });
  };
  await readPage();
  await fail();
  await readPage();
  await fail();
  const args = [{ source: 'github' }];
  const look = () => client.workflow.execute(RECONCILE_WORKFLOW, { workflowId: unique('look'), taskQueue, args });
  await look();
  await readPage();
  await look();
  await readPage();
  const receiver = createReceiverMetrics({ inbox: store.inbox });
  receiver.delivery({ source: 'github', outcome: 'stored', bytes: 100, ms: 3 });
  receiver.delivery({ source: 'github', outcome: 'ignored', bytes: 100, ms: 3, unreadable: true, refsLeftOut: 50 });
  const dispatching = createDispatchMetrics();
  dispatching.started(5);
  dispatching.notStarted('engine');
  for (const collection of [CACHES, ARTIFACTS])
    await store.records.upsert({ collection, key: 'one', version: 1, data: { source: 'github', bytes: 100 } });
  exposed = [
    await receiver.expose(),
    await dispatching.expose(),
    await createStuckRunsMetric({ client, taskQueue, uiUrl: undefined })(),
    await createWorkersMetric(() => countWorkers({ client, taskQueue }))(),
    await createDiskMetric({ data: folder })(),
    await createKeptMetric(store.records)(),
    await temporalMetrics(address)(),
  ].join('\n');
});

afterAll(async () => {
  await worker?.stop();
  await connection?.close();
  await client?.close();
  await store?.close();
  partner?.closeAllConnections();
  await new Promise((resolve) => partner.close(resolve));
});

/** The labels of every sample of a metric, or undefined if there is none. */
function labelsOf(metric: string): Set<string> | undefined {
  const samples = exposed.split('\n').filter((line) => new RegExp(`^${metric}[{ ]`).test(line));
  if (samples.length === 0) return undefined;
  return new Set(samples.flatMap((line) => [...line.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label)));
}

const metricsOf = (expr: string) => expr.match(/\b(?:hookyard|temporal|nodejs|process)_\w+/g) ?? [];

test('every metric that the dashboard shows is one that Hookyard exposes', () => {
  expect(queries.length).toBeGreaterThan(10);
  for (const { title, expr } of queries) {
    expect(metricsOf(expr), title).not.toEqual([]);
    for (const metric of metricsOf(expr)) expect(labelsOf(metric), `${title}: ${metric}`).toBeDefined();
  }
});

test('the dashboard groups by labels that the metrics have', () => {
  for (const { title, expr } of queries) {
    const groups = [...expr.matchAll(/ by \(([^)]+)\)/g)].flatMap(([, labels = '']) => labels.split(', '));
    for (const label of groups) expect([...(labelsOf(metricsOf(expr)[0] ?? '') ?? [])], title).toContain(label);
  }
});

test('the dashboard shows every metric of our own', () => {
  const shown = queries.map(({ expr }) => expr).join('\n');
  const own = [...exposed.matchAll(/^# TYPE (hookyard_\w+)/gm)].map(([, name = '']) => name);
  expect(own.length).toBeGreaterThan(8);
  for (const name of own) expect(shown).toContain(name);
});

test('the alerts on what workers count fire when they should, and not otherwise', () => {
  const { groups } = parse(readFileSync(join(packageRoot, 'deploy/prometheus-alerts.yaml'), 'utf8')) as {
    groups: readonly { rules: readonly { alert: string; expr: string }[] }[];
  };
  const rule = (name: string) => groups.flatMap(({ rules }) => rules).find(({ alert }) => alert === name)?.expr ?? '';
  const fires = (name: string, scrapes: readonly Scrape[]) => evaluate(rule(name), scrapes).map(({ labels }) => labels);
  expect(fires('HookyardMissedLooks', pages.slice(0, 2))).toEqual([{ source: 'github' }]);
  expect(fires('HookyardMissedLooks', pages)).toEqual([]);
  // The first that ends since the worker was started counts.
  expect(fires('HookyardRunsEndInErrors', pages.slice(0, 2))).toEqual([{ automation: 'refused' }]);
  expect(fires('HookyardRunsEndInErrors', pages.slice(1))).toEqual([{ automation: 'refused' }]);
  expect(fires('HookyardRunsEndInErrors', pages.slice(0, 1))).toEqual([]);
});

test('no two panels share an id', () => {
  const ids = panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
