import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Dispatcher } from '../../src/dispatch/dispatcher.js';
import { push } from '../../src/triggers/index.js';
import { type ApiStage, openApiStage } from '../support/harness/api-stage.js';
import { deliver } from '../support/harness/delivery.js';
import { uniquePush } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { API_TOKEN } from '../support/harness/receiver-config.js';

const names = ['passes', 'fails', 'stays'];
const automations = () => names.map((name) => ({ name, on: [push()], file: `${name}.ts` }));

let stage: ApiStage;
let temporal: ApiStage['temporal'];
let receiver: Receiver;
let dispatcher: Dispatcher;

beforeAll(async () => {
  stage = await openApiStage({ name: 'api', automations, config: { uiUrl: 'http://ui.example:8233/' } });
  ({ temporal, receiver, dispatcher } = stage);
});
afterAll(() => stage?.close());

interface Told {
  readonly status: number;
  // The tests look into it by toMatchObject.
  readonly body: { readonly [key: string]: unknown };
}

async function get(path: string, { token = API_TOKEN, url = receiver.url } = {}): Promise<Told> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: (await response.json()) as Told['body'] };
}

const run = (id: string) => get(`/api/runs?id=${encodeURIComponent(id)}`);

it.each(['/api/deliveries', '/api/deliveries/d1', '/api/runs?id=x', '/api/logs?run=x', '/api/anything'])(
  'the API gives nothing of %s without the token',
  async (path) => {
    const bare = await fetch(`${receiver.url}${path}`);
    expect(bare.status).toBe(401);
    expect(bare.headers.get('www-authenticate')).toBe('Bearer');
    for (const token of ['', 'guess', `${API_TOKEN} `.repeat(2).trim(), API_TOKEN.slice(0, -1), `${API_TOKEN}x`]) {
      expect((await get(path, { token })).status, token).toBe(401);
    }
    const basic = { authorization: `Basic ${Buffer.from(`:${API_TOKEN}`).toString('base64')}` };
    expect((await fetch(`${receiver.url}${path}?token=${API_TOKEN}`, { headers: basic })).status).toBe(401);
  },
);

it('the API tells a run from before it is started to its end', async () => {
  const key = randomUUID();
  const { body } = await deliver(receiver.url, { id: key, body: uniquePush() });
  expect((await run(`passes/github/${key}`)).body).toEqual({ status: 'waiting' });
  dispatcher.start();
  dispatcher.wake();
  await expect.poll(async () => (await run(`passes/github/${key}`)).body.status, { timeout: 15_000 }).toBe('completed');
  expect(await run(`passes/github/${key}`)).toEqual({
    status: 200,
    body: {
      status: 'completed',
      result: { outcome: 'passed' },
      outcome: 'passed',
      url: `http://ui.example:8233/namespaces/default/workflows/passes%2Fgithub%2F${key}`,
    },
  });
  await expect.poll(async () => (await run(`fails/github/${key}`)).body.status, { timeout: 15_000 }).toBe('failed');
  expect((await run(`fails/github/${key}`)).body.error).toBe('the disk of the worker is full');
  await expect.poll(async () => (await run(`stays/github/${key}`)).body.status, { timeout: 15_000 }).toBe('running');
  await temporal.workflow.getHandle(`stays/github/${key}`).terminate();
  expect((await run(`stays/github/${key}`)).body).toMatchObject({ status: 'terminated' });

  await expect
    .poll(async () => (await get(`/api/deliveries/${body.delivery}`)).body.dispatches)
    .toMatchObject([
      { automation: 'passes', state: 'done', run: { status: 'completed', outcome: 'passed' } },
      { automation: 'fails', state: 'done', run: { status: 'failed' } },
      { automation: 'stays', state: 'done', run: { status: 'terminated' } },
    ]);
});

it('the API finds a delivery by id, by the beginning of its id, and by key', async () => {
  const key = randomUUID();
  const { body } = await deliver(receiver.url, { id: key, body: uniquePush() });
  const id = body.delivery ?? '';
  for (const name of [id, id.slice(0, 12), key]) {
    const found = await get(`/api/deliveries/${encodeURIComponent(name)}`);
    expect(found).toMatchObject({
      status: 200,
      body: { id, key, verdicts: [{}, {}, {}], bodyBytes: expect.any(Number) },
    });
  }
  expect((await get('/api/deliveries/d00000000000000000000000')).status).toBe(404);
  expect((await run('passes/github/never')).status).toBe(404);
});

it('the API lists deliveries, newest first, in pages', async () => {
  const ids: (string | undefined)[] = [];
  for (let i = 0; i < 3; i += 1) {
    ids.unshift((await deliver(receiver.url, { event: 'ping', body: `{"n":${i}}` })).body.delivery);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const list = async (query: string) => {
    const { body } = await get(`/api/deliveries?${query}`);
    return { next: body.next, ids: (body.deliveries as { id: string }[]).map(({ id }) => id) };
  };
  const first = await list('limit=2&source=github');
  expect(first.ids).toEqual(ids.slice(0, 2));
  expect((await list(`limit=1&before=${first.next}`)).ids).toEqual(ids.slice(2));
  expect((await list('failed=true')).ids).toEqual([]);
  expect((await list('source=other')).ids).toEqual([]);
  expect((await list('since=1h&limit=3')).ids).toEqual(ids);
  expect((await list(`until=${Date.now() - 3_600_000}`)).ids).toEqual([]);
  expect((await list('until=2020-01-01')).ids).toEqual([]);
});

it.each(['limit=0', 'limit=501', 'limit=x', 'limit=1&limit=2', 'before=-1', 'since=yesterday', 'until=12:00'])(
  'the API refuses the query %s',
  async (query) => {
    expect((await get(`/api/deliveries?${query}`)).status).toBe(400);
  },
);

it('the API gives what the jobs of a run have written', async () => {
  const workflowId = `passes/github/${randomUUID()}`;
  const line = { at: 1, stream: 'stdout', attempt: 1 } as const;
  await receiver.store.logs.append({ workflowId, job: 'build' }, [
    { ...line, text: 'one' },
    { ...line, text: 'two' },
  ]);
  const query = `run=${encodeURIComponent(workflowId)}`;
  expect((await get(`/api/logs?${query}`)).body).toEqual({ jobs: ['build'], lines: [] });
  expect((await get(`/api/logs?${query}&job=build&after=1`)).body).toMatchObject({
    lines: [{ number: 2, text: 'two' }],
  });
  expect((await get('/api/logs')).status).toBe(400);
});

it('the API says "unknown" of what only Temporal knows while Temporal is away', async () => {
  const alone = await startReceiver({ automations });
  try {
    const { body } = await deliver(alone.url, { id: 'k', body: uniquePush() });
    const [dispatch] = await alone.store.inbox.claim({ limit: 1, leaseMs: 1_000 });
    await alone.store.inbox.settle([{ id: dispatch?.id ?? '', outcome: 'done' }]);
    const { status, body: told } = await get(`/api/deliveries/${body.delivery}`, { url: alone.url });
    expect(status).toBe(200);
    expect(told).toMatchObject({ dispatches: [{ run: { status: 'unknown' } }, { run: { status: 'waiting' } }, {}] });
  } finally {
    await alone.close();
  }
});

it('the receiver is ready when deliveries can be stored, whether Temporal answers or not', async () => {
  const told = await get('/readyz', { token: '' });
  expect(told).toMatchObject({ status: 200, body: { ready: true, store: 'answers' } });
  // It has a second to answer: on a busy machine it may do so the next time only.
  const temporalThen = async () => (await get('/readyz', { token: '' })).body.temporal;
  await expect.poll(temporalThen, { timeout: 20_000 }).toBe('answers');
  const alone = await startReceiver();
  try {
    const { status, body } = await get('/readyz', { url: alone.url });
    expect({ status, body }).toMatchObject({ status: 200, body: { ready: true, temporal: 'away', waiting: 0 } });
    expect((await get('/healthz', { url: alone.url })).body).toEqual({ alive: true });
  } finally {
    await alone.close();
  }
});

it('the receiver is ready also while so much waits that counting it takes long', async () => {
  const full = await startReceiver({ inbox: (inbox) => ({ ...inbox, backlog: () => new Promise(() => undefined) }) });
  try {
    const { status, body } = await get('/readyz', { url: full.url });
    expect({ status, body }).toEqual({ status: 200, body: { ready: true, store: 'answers', temporal: 'away' } });
  } finally {
    await full.close();
  }
});

it('the receiver is not ready when the store is away, and alive all the same', async () => {
  const away = await startReceiver({
    inbox: (inbox) => ({ ...inbox, nextDue: () => Promise.reject(new Error('no')) }),
  });
  try {
    expect(await get('/readyz', { url: away.url })).toMatchObject({
      status: 503,
      body: { ready: false, store: 'away' },
    });
    expect((await get('/healthz', { url: away.url })).status).toBe(200);
  } finally {
    await away.close();
  }
});
