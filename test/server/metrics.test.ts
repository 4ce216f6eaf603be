import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedAnswer } from '../../src/async/shared-answer.js';
import { createLifecycle } from '../../src/cli/processes/lifecycle.js';
import { startMetrics } from '../../src/cli/processes/metrics.js';
import { knownSources } from '../../src/providers/known-sources.js';
import { createApp } from '../../src/server/app.js';
import { createReadiness } from '../../src/server/health.js';
import { type Listening, listen } from '../../src/server/listen.js';
import { createReceiverMetrics, type ReceiverMetrics } from '../../src/server/metrics.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { type Inbox, type Store, StoreUnavailableError } from '../../src/store/store.js';
import { deliver } from '../support/harness/delivery.js';
import { keepLog } from '../support/harness/log.js';
import { pushPayload, repository } from '../support/harness/payloads.js';
import { automations } from '../support/harness/receiver.js';
import { testConfig } from '../support/harness/receiver-config.js';
import { statusFor } from '../support/harness/status-for.js';
import { tempFolder } from '../support/temp-folder.js';
import { awayClient } from '../support/temporal.js';

let folder: string;
let store: Store;
let metrics: ReceiverMetrics;
let receiver: Listening;
let away: Client;
/** What the store does next instead of its work. */
let instead: (() => Promise<never>) | undefined;
const { log } = keepLog();

beforeAll(async () => {
  folder = await tempFolder('metrics');
  store = await openSqliteStore({ path: join(folder, 'store.db') });
  const inbox: Inbox = {
    ...store.inbox,
    accept: (delivery) => instead?.() ?? store.inbox.accept(delivery),
    backlog: () => instead?.() ?? store.inbox.backlog(),
  };
  metrics = createReceiverMetrics({ inbox });
  away = awayClient();
  const config = testConfig();
  const app = createApp({
    config,
    sources: knownSources(config.sources),
    store: { ...store, inbox },
    automations: () => automations,
    client: away,
    log,
    metrics,
    wake: () => undefined,
  });
  receiver = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await receiver?.close();
  await away?.connection.close();
  await store?.close();
});

const push = (change: object = {}) => JSON.stringify(pushPayload({ ...change }));
const sample = (text: string, name: string) =>
  text
    .split('\n')
    .find((line) => line.startsWith(`${name} `))
    ?.split(' ')[1];

async function during<T>(trouble: () => Promise<never>, work: () => Promise<T>): Promise<T> {
  instead = trouble;
  try {
    return await work();
  } finally {
    instead = undefined;
  }
}

test('each outcome of a delivery is counted, by the source that is configured and by nothing that a sender says', async () => {
  const said = 'canary-of-the-payload';
  const body = push({ repository: { ...repository, full_name: `acme/${said}` } });
  const id = 'canary-of-the-key';
  const away = () => Promise.reject(new StoreUnavailableError('the disk is full'));
  const broken = () => Promise.reject(new Error('nobody thought of it'));
  const send = (delivery: Parameters<typeof deliver>[1]) => deliver(receiver.url, delivery);
  const statuses = [
    await send({ body, id }),
    await send({ body, id }),
    await send({ event: 'canary_of_the_event', body: '{}' }),
    await send({ body, secret: 'a wrong secret' }),
    await send({ body, source: 'canary-of-the-path' }),
    await during(away, () => send({ body: push({ ref: 'refs/heads/away' }) })),
    await during(broken, () => send({ body: push({ ref: 'refs/heads/broken' }) })),
  ].map(({ status }) => status);
  expect(statuses).toEqual([202, 202, 202, 401, 404, 503, 500]);
  const text = await metrics.expose();
  const counted = text.split('\n').filter((line) => line.startsWith('hookyard_deliveries_total'));
  expect(counted.sort()).toEqual([
    'hookyard_deliveries_total{source="github",outcome="duplicate"} 1',
    'hookyard_deliveries_total{source="github",outcome="failed"} 1',
    'hookyard_deliveries_total{source="github",outcome="ignored"} 1',
    'hookyard_deliveries_total{source="github",outcome="refused"} 1',
    'hookyard_deliveries_total{source="github",outcome="stored"} 1',
    'hookyard_deliveries_total{source="github",outcome="unavailable"} 1',
    'hookyard_deliveries_total{source="unknown",outcome="refused"} 1',
  ]);
  expect(sample(text, 'hookyard_acknowledgement_seconds_count')).toBe('7');
  expect(text).not.toContain('canary');
});

test('the depth of the inbox is what waits now', async () => {
  await deliver(receiver.url, { body: push({ after: 'a'.repeat(40) }) });
  const { pending } = await store.inbox.backlog();
  expect(pending).toBeGreaterThan(0);
  // The answer of the second before may be shown.
  await expect
    .poll(async () => sample(await metrics.expose(), 'hookyard_inbox_pending'), { timeout: 10_000 })
    .toBe(String(pending));
  expect(Number(sample(await metrics.expose(), 'hookyard_inbox_oldest_seconds'))).toBeGreaterThan(0);
});

test('signals that failed for good are counted apart from starts that did', async () => {
  await store.inbox.signal({ id: 's', workflowId: 'ci/github/k', signal: 'built', payload: {} });
  await store.inbox.settle([{ id: 's', outcome: 'failed', error: 'too large' }]);
  const text = await createReceiverMetrics({ inbox: { backlog: store.inbox.backlog } }).expose();
  expect([sample(text, 'hookyard_inbox_failed'), sample(text, 'hookyard_inbox_failed_signals')]).toEqual(['0', '1']);
});

test('the store counts once for all who ask at one time, at /readyz and of the metrics', async () => {
  let counted = 0;
  const one: Inbox = {
    ...store.inbox,
    backlog: () => {
      counted += 1;
      return store.inbox.backlog();
    },
  };
  const text = createReceiverMetrics({ inbox: one }).expose();
  const readiness = createReadiness({ inbox: one, client: away });
  const answers = await Promise.all(Array.from({ length: 50 }, readiness));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(sample(await text, 'hookyard_inbox_pending')).toMatch(/^\d+$/);
  expect(counted).toBe(1);
  const next = async () => {
    await readiness();
    return counted;
  };
  await expect.poll(next, { timeout: 10_000 }).toBe(2);
});

test('a count that takes longer than its answer is good for is not begun again meanwhile', async () => {
  let counted = 0;
  let end = () => {};
  const slow = sharedAnswer(() => {
    counted += 1;
    return new Promise<void>((resolve) => {
      end = resolve;
    });
  }, 0);
  const asked = [slow(), slow(), slow()];
  await new Promise((resolve) => setImmediate(resolve));
  asked.push(slow());
  expect(counted).toBe(1);
  end();
  await Promise.all(asked);
  void slow();
  expect(counted).toBe(2);
});

test('a store that is away has no depth, and the rest is exposed all the same', async () => {
  const away = () => Promise.reject(new StoreUnavailableError('the disk is full'));
  const unknown = async () => {
    const text = await metrics.expose();
    return ['pending', 'failed', 'failed_signals', 'oldest_seconds'].map((name) =>
      sample(text, `hookyard_inbox_${name}`)?.toLowerCase(),
    );
  };
  await during(away, () => expect.poll(unknown, { timeout: 10_000 }).toEqual(['nan', 'nan', 'nan', 'nan']));
  const text = await during(away, () => metrics.expose());
  expect(Number(sample(text, 'hookyard_acknowledgement_seconds_count'))).toBeGreaterThan(0);
  expect(sample(await metrics.expose(), 'hookyard_inbox_failed')).toBe('0');
});

test('the page is at /metrics alone, and a part that can not be had leaves a comment', async () => {
  const lifecycle = createLifecycle(log);
  const config = { metrics: { enabled: true, host: '127.0.0.1', port: 0 } };
  const page = await startMetrics({ config, log, lifecycle, anyPort: false });
  try {
    page.add(() => Promise.reject(new TypeError('canary-of-the-cause')));
    page.add(async () => 'the_other_part 1\n');
    const answer = await fetch(page.url ?? '');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(await answer.text()).toBe('# not available: TypeError\n\nthe_other_part 1\n');
    for (const [method, path] of [
      ['GET', '/'],
      ['POST', '/metrics'],
    ] as const)
      expect((await fetch(new URL(path, page.url), { method })).status).toBe(404);
  } finally {
    await lifecycle.stop();
  }
  await expect(fetch(page.url ?? '')).rejects.toThrow();
});

test('metrics that are switched off listen nowhere', async () => {
  const lifecycle = createLifecycle(log);
  const config = { metrics: { enabled: false, host: '127.0.0.1', port: 0 } };
  const page = await startMetrics({ config, log, lifecycle, anyPort: false });
  expect([page.url, page.temporalAddress]).toEqual([undefined, undefined]);
});

test('a page on loopback answers for names of loopback alone, whatever else resolves to it', async () => {
  const lifecycle = createLifecycle(log);
  const config = { metrics: { enabled: true, host: '127.0.0.1', port: 0 } };
  const page = await startMetrics({ config, log, lifecycle, anyPort: false });
  try {
    expect(await statusFor(page.url ?? '', 'evil.example')).toBe(403);
    expect(await statusFor(page.url ?? '', 'localhost')).toBe(200);
  } finally {
    await lifecycle.stop();
  }
});
