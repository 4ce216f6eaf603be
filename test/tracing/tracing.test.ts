import { createHmac, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.js';
import type { Config } from '../../src/config/config.js';
import { createDispatcher, type Dispatcher } from '../../src/dispatch/dispatcher.js';
import { packageRoot } from '../../src/paths.js';
import { knownSources } from '../../src/providers/known-sources.js';
import { createApp } from '../../src/server/app.js';
import { type Listening, listen } from '../../src/server/listen.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { connectClient } from '../../src/temporal/connect.js';
import { startTracing, tracingIsWanted } from '../../src/tracing/start.js';
import type { Tracing } from '../../src/tracing/tracing.js';
import { installRuntime } from '../../src/worker/runtime.js';
import { type RunningWorker, startWorker } from '../../src/worker/worker.js';
import { configOf } from '../support/harness/config.js';
import { keepLog } from '../support/harness/log.js';
import { pushPayload } from '../support/harness/payloads.js';
import { tempFolder } from '../support/temp-folder.js';
import { temporalAddress, unique } from '../support/temporal.js';
import { type CollectedSpan, type Collector, startCollector } from './collector.js';

const HOOK = 'a webhook secret';
const COLLECTOR_KEY = 'canary-collector-key';
const STRANGERS_TRACE = 'c0ffee00c0ffee00c0ffee00c0ffee00';

const { log, printed } = keepLog();
let folder: string;
let collector: Collector;
let tracing: Tracing;
let store: Store;
let client: ReturnType<typeof connectClient>;
let connection: NativeConnection;
let worker: RunningWorker;
let receiver: Listening;
let config: Config;
let dispatcher: Dispatcher | undefined;

beforeAll(async () => {
  collector = await startCollector(COLLECTOR_KEY);
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', `x-api-key=${COLLECTOR_KEY}`);
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '50');
  tracing = await startTracing(log);
  folder = await tempFolder('traces');
  const read = configOf({ sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } } }, { HOOK });
  config = { ...read, data: folder, temporal: { ...read.temporal, taskQueue: unique('traced') } };
  store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
  client = connectClient({ namespace: 'default', options: { address: temporalAddress() } }, tracing.client);
  installRuntime(log);
  connection = await NativeConnection.connect({ address: temporalAddress() });
  const catalog = await loadCatalog(join(packageRoot, 'test/tracing/traced'));
  worker = await startWorker({ connection, namespace: 'default', config, store, log, tracing }, catalog);
  const automations = () => catalog.automations;
  const app = createApp({
    config,
    sources: knownSources(config.sources),
    store,
    client,
    log,
    tracing,
    automations,
    wake: () => dispatcher?.wake(),
  });
  receiver = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await receiver?.close();
  await dispatcher?.stop();
  await worker?.stop();
  await connection?.close();
  await client?.connection.close();
  await store?.close();
  await tracing?.stop();
  await collector?.close();
  vi.unstubAllEnvs();
});

interface Answered {
  readonly status: number;
  readonly trace: string;
  readonly delivery: string | undefined;
  readonly runs: readonly string[];
}

async function deliver({ id = randomUUID(), body = pushOf(), secret = HOOK } = {}): Promise<Answered> {
  const answer = await fetch(`${receiver.url}/webhooks/github`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      traceparent: `00-${STRANGERS_TRACE}-1234567812345678-01`,
    },
  });
  const { delivery, runs = [] } = (await answer.json()) as { delivery?: string; runs?: string[] };
  return { status: answer.status, trace: answer.headers.get('x-hookyard-trace') ?? '', delivery, runs };
}

const pushOf = () => JSON.stringify({ ...pushPayload(), nonce: randomUUID() });

const spansOf = (trace: string) => collector.spans.filter((span) => span.traceId === trace);
const namesOf = (trace: string) => spansOf(trace).map(({ name }) => name);
const attributesOf = (span: CollectedSpan | undefined) =>
  Object.fromEntries(span?.attributes.map(({ key, value }) => [key, Object.values(value)[0]]) ?? []);

/** The names from a span up to the one that has no parent. */
function pathOf(trace: string, name: string): string[] {
  const spans = spansOf(trace);
  const path: string[] = [];
  for (let at = spans.find((span) => span.name === name); at; at = spans.find((s) => s.spanId === at?.parentSpanId)) {
    path.push(at.name);
    if (path.length > spans.length) throw new Error('the spans go round in a circle');
  }
  return path;
}

test('one trace goes from a delivery to an activity, although its run started when another process came up', async () => {
  const id = randomUUID();
  const body = pushOf();
  const first = await deliver({ id, body });
  expect(first).toMatchObject({ status: 202, trace: expect.stringMatching(/^[0-9a-f]{32}$/) });
  await expect.poll(() => namesOf(first.trace)).toEqual(['delivery']);

  dispatcher = createDispatcher({ inbox: store.inbox, client, taskQueue: config.temporal.taskQueue, log, tracing });
  dispatcher.start();
  await expect.poll(() => namesOf(first.trace), { timeout: 20_000 }).toContain('RunWorkflow:traced');
  expect(pathOf(first.trace, 'RunActivity:upsertRecord')).toEqual([
    'RunActivity:upsertRecord',
    'StartActivity:upsertRecord',
    'RunWorkflow:traced',
    'StartWorkflow:traced',
    'delivery',
  ]);
  const [root] = spansOf(first.trace).filter(({ name }) => name === 'delivery');
  expect(attributesOf(root)).toEqual({
    'hookyard.source': 'github',
    'hookyard.outcome': 'stored',
    'hookyard.delivery': first.delivery,
    'http.response.status_code': 202,
  });

  // The same again: it belongs to the trace of the first, and is not mistaken for it.
  const second = await deliver({ id, body });
  expect(second.trace).toBe(first.trace);
  await expect.poll(() => namesOf(first.trace).filter((name) => name === 'delivery')).toHaveLength(2);
  const repeat = spansOf(first.trace).find((span) => attributesOf(span)['hookyard.outcome'] === 'duplicate');
  expect(repeat?.parentSpanId).toBe(root?.spanId);
});

test('who only asks Temporal leaves no trace', async () => {
  const { trace, runs } = await deliver();
  await expect.poll(() => namesOf(trace), { timeout: 20_000 }).toContain('RunWorkflow:traced');
  await client.workflow.getHandle(runs[0] ?? '').describe();
  const last = await deliver();
  await expect.poll(() => namesOf(last.trace)).toContain('delivery');
  expect(collector.spans.map(({ name }) => name)).not.toContain('DescribeWorkflow');
});

test("a stranger's trace is linked to, and neither joined nor continued", async () => {
  const refused = await deliver({ secret: 'a wrong secret' });
  expect(refused.status).toBe(401);
  expect(refused.trace).toMatch(/^[0-9a-f]{32}$/);
  expect(refused.trace).not.toBe(STRANGERS_TRACE);
  await expect.poll(() => namesOf(refused.trace)).toEqual(['delivery']);
  const [span] = spansOf(refused.trace);
  expect(span?.parentSpanId).toBeUndefined();
  expect(span?.links.map(({ traceId }) => traceId)).toEqual([STRANGERS_TRACE]);
  expect(spansOf(STRANGERS_TRACE)).toEqual([]);
});

test("no span holds what a payload says, and no log line the collector's key", async () => {
  const { trace } = await deliver({ body: JSON.stringify({ ...pushPayload(), nonce: 'canary-payload' }) });
  await expect.poll(() => namesOf(trace), { timeout: 20_000 }).toContain('RunWorkflow:traced');
  expect(collector.text()).not.toContain('canary-payload');
  for (const said of ['Sell more', 'acme/shop', 'src/cart.ts', 'Ada']) expect(collector.text()).not.toContain(said);
  expect(printed.join('\n')).not.toContain(COLLECTOR_KEY);
});

test('traces are off unless an endpoint is named, and can be switched off', () => {
  expect(tracingIsWanted({})).toBe(false);
  expect(tracingIsWanted({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBe(false);
  expect(tracingIsWanted({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' })).toBe(true);
  expect(tracingIsWanted({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' })).toBe(true);
  expect(tracingIsWanted({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'true' })).toBe(
    false,
  );
});
