import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toPairs } from '../../../src/runs/search-attributes.js';
import { publicRun } from '../../../src/server/page/public-run.js';
import { manual, push } from '../../../src/triggers/index.js';
import { deliver } from '../../support/harness/delivery.js';
import { repository, uniquePush } from '../../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../../support/harness/receiver.js';
import { API_TOKEN } from '../../support/harness/receiver-config.js';
import { testClient, unique } from '../../support/temporal.js';
import { ask, OWN } from './ask.js';
import { wholeRun } from './sample-answers.js';

/** What each job has written: nobody who may not look may come to see it. */
const WRITTEN = 'only for those who may look';
const JSON_FIRST = { accept: 'application/json' };
const automations = () => [
  { name: 'ci', on: [push()], file: 'ci.ts' },
  { name: 'deploy', on: [manual({ inputs: { target: { type: 'string' } } })], file: 'deploy.ts' },
];

let temporal: Awaited<ReturnType<typeof testClient>>;
let receiver: Receiver;
const taskQueue = unique('public');
const key = unique('key');
const open = `ci/open/${key}-public`;
const closed = {
  private: `ci/open/${key}-private`,
  unknown: `ci/open/${key}-unknown`,
  'of a source that says nothing': `ci/quiet/${key}-public`,
  'by hand': `deploy/manual/${key}`,
  'of nobody': `ci/open/${key}-never`,
};
let deliveries: Readonly<Record<string, string>>;

beforeAll(async () => {
  temporal = await testClient();
  const signIn = { loopback: 'required' };
  const sources = { open: { options: { publicLogs: true } }, quiet: {} };
  receiver = await startReceiver({ client: temporal, automations, config: { taskQueue, signIn, sources } });
  const send = async (source: string, name: string, change: object) => {
    const { private: _, ...rest } = repository;
    const body = uniquePush({ repository: { ...rest, ...change } });
    return (await deliver(receiver.url, { source, id: `${key}-${name}`, body })).body.delivery ?? '';
  };
  deliveries = {
    public: await send('open', 'public', { private: false }),
    private: await send('open', 'private', { private: true }),
    unknown: await send('open', 'unknown', {}),
    quiet: await send('quiet', 'public', { private: false }),
  };
  await fetch(`${receiver.url}/api/automations/deploy/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: key, inputs: { target: WRITTEN } }),
  });
  for (const workflowId of [open, ...Object.values(closed)])
    await receiver.store.logs.append({ workflowId, job: 'build' }, [
      { at: 1, stream: 'stdout', attempt: 1, step: 'test', text: WRITTEN },
    ]);
  await temporal.workflow.start('ci', {
    ...{ workflowId: open, taskQueue, memo: {} },
    typedSearchAttributes: toPairs({
      HookyardRepository: 'acme/shop',
      HookyardBranch: 'main',
      HookyardOutcome: 'failed',
    }),
  });
  await temporal.workflow.getHandle(open).terminate(WRITTEN);
});
afterAll(async () => {
  await receiver?.close();
  await temporal?.close();
});

const logQuery = (run: string) => new URLSearchParams({ run, job: 'build' });

describe('a run of a public repository, of a source that says so', () => {
  test('is shown to everybody, with its log, and without buttons, lists and what leads elsewhere', async () => {
    const { status, text } = await ask(receiver, `/runs/${open}`);
    expect(status).toBe(200);
    expect(text).toContain('acme/shop');
    expect(text).toContain(`href="/runs/${open}/logs/build"`);
    expect(text).toContain('href="/sign-in?to=');
    expect(text).toContain('<script type="module"');
    for (const hidden of ['<form', '<nav aria-label="Views"', '/deliveries/', WRITTEN])
      expect(text).not.toContain(hidden);
    const log = await ask(receiver, `/runs/${open}/logs/build`);
    expect(log.status).toBe(200);
    expect(log.text).toContain(WRITTEN);
    expect((await ask(receiver, `/runs/${open}/logs/build?text=look`)).text).toContain('Line 1 has it, 1 of 1.');
  });

  test('is told as JSON, downloaded and followed by everybody', async () => {
    const told = JSON.parse((await ask(receiver, `/runs/${open}.json`)).text);
    expect(Object.keys(told).sort()).toEqual(['about', 'jobs', 'run', 'state', 'timeline']);
    expect(told).toMatchObject({ run: open, state: { status: 'terminated' }, about: { outcome: 'failed' } });
    expect(JSON.stringify(told)).not.toContain(WRITTEN);
    expect((await ask(receiver, `/runs/${open}`, { headers: JSON_FIRST })).text).toBe(`${JSON.stringify(told)}\n`);
    expect(JSON.parse((await ask(receiver, `/runs/${open}/logs/build.json`)).text)).toMatchObject({ run: open });
    expect((await ask(receiver, `/logs/text?${logQuery(open)}`)).text).toBe(`${WRITTEN}\n`);
    expect((await ask(receiver, `/logs/live?${logQuery(open)}`)).text).toContain(WRITTEN);
    expect((await ask(receiver, `/runs/${open}`, { method: 'HEAD' })).status).toBe(200);
  });

  test('is the only one that the name of another finds', async () => {
    expect((await ask(receiver, `/runs/${open}/logs/never`)).status).toBe(404);
    for (const name of ['latest', 'latest ci', open.slice(0, -1), deliveries.public ?? '', `${key}-public`])
      expect((await ask(receiver, `/runs/${encodeURIComponent(name)}`, { headers: JSON_FIRST })).status, name).toBe(
        401,
      );
  });

  test('is changed by nobody who has not signed in', async () => {
    for (const [path, form] of [
      ['/runs/cancel', { run: open }],
      ['/runs/rerun', { name: open }],
      ['/runs/answer', { run: open, answer: 'approve' }],
      ['/runs/approve', { run: open }],
      ['/runs/reject', { run: open }],
      [`/deliveries/${deliveries.public}/replay`, {}],
    ] as const) {
      const { status } = await ask(receiver, path, { method: 'POST', form, headers: { ...OWN, ...JSON_FIRST } });
      expect(status, path).toBe(401);
    }
    expect((await fetch(`${receiver.url}/runs/${open}`, { method: 'POST', headers: OWN })).status).toBe(404);
  });

  test('opens nothing beside it: neither lists, nor its delivery, nor the API', async () => {
    for (const path of [
      '/',
      '/runs',
      '/deliveries',
      `/deliveries/${deliveries.public}`,
      '/automations/ci',
      '/lanes',
      '/index.json',
    ])
      expect((await ask(receiver, path, { headers: JSON_FIRST })).status, path).toBe(401);
    for (const path of [
      `/api/runs/whole?name=${open}`,
      `/api/logs?${logQuery(open)}`,
      `/api/deliveries/${deliveries.public}`,
    ])
      expect((await ask(receiver, path)).status, path).toBe(401);
  });
});

/** Sends a path as it is: what makes addresses would put some of them in order first. */
function askRaw(path: string, method = 'GET'): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const { port } = receiver;
    const req = httpRequest(
      { host: '127.0.0.1', port, path, method, headers: JSON_FIRST, agent: false },
      async (res) => {
        const chunks: Buffer[] = [];
        for await (const chunk of res) chunks.push(chunk);
        resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      },
    );
    req.once('error', reject).end();
  });
}

describe.each(Object.entries(closed))('a run that is not public (%s)', (_, run) => {
  const encoded = encodeURIComponent(run);
  const [last = ''] = run.split('/').slice(-1);

  test('is for those who may look, however it is asked for', async () => {
    const paths = [
      ...[
        `/runs/${run}`,
        `/runs/${run}.json`,
        `/runs/${encoded}`,
        `/runs/${run}/logs/build`,
        `/runs/${run}/logs/build.json`,
      ],
      ...[`/runs/${encoded}/logs/build`, `/runs/${run}%2Flogs%2Fbuild`, `/logs/text?${logQuery(run)}`],
      ...[`/logs/live?${logQuery(run)}`, `/logs/text.json?${logQuery(run)}`],
    ];
    for (const path of paths)
      for (const method of ['GET', 'HEAD']) expect((await askRaw(path, method)).status, `${method} ${path}`).toBe(401);
    const page = await ask(receiver, `/runs/${run}`);
    expect(page.status).toBe(303);
    expect(page.headers.location).toMatch(/^\/sign-in\?to=/);
  });

  test('is not come at by way of one that is', async () => {
    const paths = [
      // As a parameter beside, or twice.
      ...[`/runs/${run}/logs/build?run=${open}`, `/runs/${open}/logs/build?run=${run}&id=${run}&name=${run}`],
      ...[`/logs/text?run=${open}&run=${run}&job=build`, `/logs/text?run=${run}&run=${open}&job=build`],
      ...[`/logs/text?run[]=${open}&run=${run}&job=build`, `/logs/live?run=${run}&RUN=${open}&job=build`],
      // By a way up, as it is and encoded, and with slashes that are there twice.
      ...[`/runs/${open}/../${last}`, `/runs/${open}/%2e%2e/${last}`, `/runs/${open}%2F..%2F${last}`, `/runs/./${run}`],
      ...[`/runs/${open}/logs/build/../../../${last}/logs/build`, `/runs//${run}`, `//runs/${run}`, `/runs/${run}/`],
      ...[
        `/runs/${open}/logs/x/../../../../${run}/logs/build`,
        `/runs/${open}/logs/..%2F..%2F${encoded}%2Flogs%2Fbuild`,
      ],
      // Behind it, in other letters, or with something that others cut off.
      ...[`/runs/${open}/${run}`, `/runs/${run}/logs/x/logs/build`, `/RUNS/${run}`, `/runs/${run.toUpperCase()}`],
      ...[`/runs/${run}%00`, `/runs/${run}%20`, `/runs/${run};${open}`, `/runs/${run}%3F${open}`, `/runs/${run}%23`],
      ...[`/runs/${open},${run}`, `/runs/${run}.json.json`, `/runs/${open}%0d%0a${run}`, `/logs/TEXT?${logQuery(run)}`],
      `http://here.example/runs/${run}`,
    ];
    for (const path of paths) {
      const { status, text } = await askRaw(path);
      const told = status === 200 ? JSON.parse(text) : {};
      // The public run may be shown, and nothing of the other.
      expect([open, undefined], `${path} ${status}`).toContain(told.run);
      if (told.run !== open) expect([400, 401, 404], `${path} ${status}`).toContain(status);
    }
  });
});

test('what somebody has edited is not public, though it is about a public repository', async () => {
  const headers = { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' };
  const at = `${receiver.url}/api/deliveries/${deliveries.public}`;
  const { text } = (await (await fetch(`${at}/edit`, { headers })).json()) as { text: string };
  const body = JSON.stringify({ payload: text.replace('"ref"', '"first": 1, "ref"') });
  const started = await fetch(`${at}/start`, { method: 'POST', headers, body });
  const { runs } = (await started.json()) as { runs: string[] };
  expect(runs).toEqual([expect.stringMatching(/^ci\/open\//)]);
  expect((await ask(receiver, `/runs/${runs[0]}`, { headers: JSON_FIRST })).status).toBe(401);
});

test('nothing is public unless a source says so, whatever its deliveries say', async () => {
  const alone = await startReceiver({ automations, config: { signIn: { loopback: 'required' } } });
  try {
    const body = uniquePush({ repository: { ...repository, private: false } });
    const { runs = [] } = (await deliver(alone.url, { id: key, body })).body;
    expect(runs).toEqual([`ci/github/${key}`]);
    expect((await ask(alone, `/runs/ci/github/${key}`, { headers: JSON_FIRST })).status).toBe(401);
  } finally {
    await alone.close();
  }
});

test('of a run, everybody sees its steps and how it went, and nothing that an author, an approver or Temporal wrote', () => {
  const { run, state, about, jobs, failing, timeline = [] } = publicRun(wholeRun);
  expect(failing).toEqual(wholeRun.failing);
  expect({ run, jobs }).toEqual({ run: wholeRun.run, jobs: wholeRun.jobs });
  expect(Object.keys(state).filter((name) => !['status', 'outcome'].includes(name))).toEqual([]);
  for (const hidden of ['delivery', 'url', 'source', 'startedBy']) expect(about).not.toHaveProperty(hidden);
  expect(timeline.length).toBeGreaterThan(0);
  expect(timeline.filter((entry) => entry.kind === 'activity' || 'because' in entry || 'summary' in entry)).toEqual([]);
  expect(timeline.filter(({ kind }) => kind === 'step')).toHaveLength(
    (wholeRun.timeline ?? []).filter(({ kind }) => kind === 'step').length,
  );
  const odd = publicRun({
    ...wholeRun,
    state: { status: 'completed', outcome: 'a word of its author', result: { a: 1 } },
  });
  expect(odd.state).toEqual({ status: 'completed' });
});
