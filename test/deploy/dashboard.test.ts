import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import getPort from 'get-port';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.js';
import { temporalMetrics } from '../../src/cli/processes/metrics.js';
import { createDispatchMetrics } from '../../src/dispatch/metrics.js';
import { packageRoot } from '../../src/paths.js';
import { createReceiverMetrics } from '../../src/server/metrics.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { installRuntime } from '../../src/worker/runtime.js';
import { type RunningWorker, startWorker } from '../../src/worker/worker.js';
import { configOf } from '../support/harness/config.js';
import { keepLog } from '../support/harness/log.js';
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

/** Everything that a receiver and a worker expose once a run has failed because an endpoint refused its message. */
beforeAll(async () => {
  partner = createServer((req, res) => req.resume().on('end', () => res.writeHead(400).end()));
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`;
  folder = await tempFolder('dashboard');
  const read = configOf(
    {
      sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } },
      endpoints: { partner: { url, secrets: [{ env: 'WEBHOOK' }], allowPrivate: true } },
    },
    { HOOK: 'x', WEBHOOK: WEBHOOK_SECRET },
  );
  const config = { ...read, data: folder, temporal: { ...read.temporal, taskQueue: unique('dashboard') } };
  const address = `127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;
  installRuntime(log, { metricsAddress: address });
  store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
  connection = await NativeConnection.connect({ address: temporalAddress() });
  client = await testClient();
  const catalog = await loadCatalog(join(packageRoot, 'test/deploy/automations'));
  worker = await startWorker({ connection, namespace: 'default', config, store, log }, catalog);
  await client.workflow
    .execute('refused', {
      workflowId: unique('refused'),
      taskQueue: config.temporal.taskQueue,
      args: [pushEvent()],
    })
    .catch(() => undefined);
  const receiver = createReceiverMetrics({ inbox: store.inbox });
  receiver.delivery({ source: 'github', outcome: 'stored', bytes: 100, ms: 3 });
  receiver.delivery({ source: 'github', outcome: 'ignored', bytes: 100, ms: 3, unreadable: true, refsLeftOut: 50 });
  const dispatching = createDispatchMetrics();
  dispatching.started(5);
  dispatching.notStarted('engine');
  exposed = [await receiver.expose(), await dispatching.expose(), await temporalMetrics(address)()].join('\n');
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

test('no two panels share an id', () => {
  const ids = panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
