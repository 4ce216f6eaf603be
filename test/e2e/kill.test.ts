import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { freeAddress } from '../support/harness/free-address.js';
import { push, sendLoad, sendPush } from '../support/harness/send-push.js';
import { openSite, type Site } from '../support/harness/site.js';
import { testClient } from '../support/temporal.js';

let site: Site;
let client: Awaited<ReturnType<typeof testClient>>;

beforeEach(async () => {
  site = await openSite();
  client = await testClient();
});
afterEach(async () => {
  await site.close();
  await client.close();
});

async function runsOfSource(): Promise<string[]> {
  const ids: string[] = [];
  for await (const run of client.workflow.list({ query: `HookyardSource = "${site.source}"` }))
    ids.push(run.workflowId);
  return ids.sort();
}

test('killed half way through 500 deliveries: after a restart every answered one has its run, exactly once', async () => {
  let one = await site.start('start');
  let answered = 0;
  let killed: Promise<unknown> | undefined;
  const sent = await sendLoad({
    url: () => one.url,
    secret: site.secret,
    source: site.source,
    branch: 'touch',
    count: 500,
    connections: 32,
    onSent: ({ status }) => {
      if (status === 202) answered += 1;
      if (answered === 250)
        killed ??= one.kill('SIGKILL').then(async () => {
          one = await site.start('start');
        });
    },
    // While it is down, senders wait, as a provider's next delivery comes later.
    ready: () => killed,
  });
  expect(killed).toBeDefined();
  const expected = sent
    .filter(({ status }) => status === 202)
    .flatMap(({ body }) => body.runs ?? [])
    .sort();
  expect(expected.length).toBeGreaterThan(400);
  await expect.poll(runsOfSource, { timeout: 240_000, interval: 500 }).toEqual(expect.arrayContaining(expected));
  const found = await runsOfSource();
  expect(new Set(found).size).toBe(found.length);
  // Beyond those answered only such may be there that were stored when the answer was cut off.
  const unanswered = sent.filter(({ status }) => status === 0).map(({ id }) => `touch/${site.source}/${id}`);
  expect(found.filter((id) => !expected.includes(id) && !unanswered.includes(id))).toEqual([]);
}, 480_000);

test('the same delivery five times, at once and later: one run, and the answers say duplicate', async () => {
  const one = await site.start('start');
  const delivery = { secret: site.secret, source: site.source, branch: 'touch', id: 'again', body: push('touch') };
  const atOnce = await Promise.all(Array.from({ length: 4 }, () => sendPush(one.url, delivery)));
  const later = await sendPush(one.url, delivery);
  const underNewId = await sendPush(one.url, { ...delivery, id: 'another-id' });
  const all = [...atOnce, later, underNewId];
  expect(all.map(({ status }) => status)).toEqual(Array(6).fill(202));
  expect(all.filter(({ body }) => body.duplicate)).toHaveLength(5);
  expect(new Set(all.map(({ body }) => body.runs?.join()))).toEqual(new Set([`touch/${site.source}/again`]));
  await expect.poll(runsOfSource, { timeout: 60_000 }).toEqual([`touch/${site.source}/again`]);
  // On purpose, an operator may run it once more: a new run, named after the first.
  const replayed = await site.api<{ runs: string[] }>(one.url, 'deliveries/again/replay', 'POST');
  expect(replayed.runs).toEqual([`touch/${site.source}/again/replay-1`]);
  await expect.poll(runsOfSource, { timeout: 60_000 }).toEqual([`touch/${site.source}/again`, ...replayed.runs]);
}, 240_000);

test('a worker killed in the middle of a job: a new one brings the right result, and the log shows both attempts', async () => {
  const sha = await site.makeRepository();
  const server = await site.start('server');
  let worker = await site.start('worker');
  const { body } = await sendPush(server.url, {
    secret: site.secret,
    source: site.source,
    branch: 'main',
    body: push('main', sha),
  });
  const run = body.runs?.[0] ?? '';
  const logs = () => site.logs(server.url, { run, job: 'build' });
  await expect.poll(logs, { timeout: 60_000 }).toContain('attempt 1');
  await worker.kill('SIGKILL');
  worker = await site.start('worker');
  expect(await client.workflow.getHandle(run).result()).toMatchObject({ outcome: 'passed' });
  const lines = await logs();
  expect(lines).toEqual(expect.arrayContaining(['attempt 1', 'attempt 2', 'the word is here']));
  expect(lines.some((line) => line.startsWith('attempt 2: the worker of attempt 1 was lost'))).toBe(true);
}, 240_000);

test('Temporal gone for a while: every delivery is answered all the same, and its run starts when Temporal is back', async () => {
  const { port } = await freeAddress();
  const database = `${site.folder}/own-temporal.db`;
  const attributes = ['Automation', 'Repository', 'Branch', 'Commit', 'Source', 'Delivery'].map(
    (name) => `Hookyard${name}=Keyword`,
  );
  const temporal = () =>
    spawn(
      inject('temporalCli'),
      [
        'server',
        'start-dev',
        '--headless',
        '--ip',
        '127.0.0.1',
        '--port',
        String(port),
        '--log-level',
        'never',
        '--db-filename',
        database,
        ...[...attributes, 'HookyardPullRequest=Int'].flatMap((a) => ['--search-attribute', a]),
      ],
      { stdio: 'ignore' },
    );
  let engine = temporal();
  try {
    site.env.TEMPORAL_ADDRESS = `127.0.0.1:${port}`;
    const server = await site.start('server');
    await site.start('worker');
    const gone = once(engine, 'exit');
    engine.kill('SIGKILL');
    await gone;
    const sent = await sendLoad({
      url: () => server.url,
      secret: site.secret,
      source: site.source,
      branch: 'touch',
      count: 100,
      connections: 8,
    });
    expect(sent.map(({ status }) => status)).toEqual(Array(100).fill(202));
    await expect.poll(server.output, { timeout: 60_000 }).toContain('Temporal is unavailable');
    engine = temporal();
    const expected = sent.flatMap(({ body }) => body.runs ?? []);
    const started = async () =>
      (
        await site.api<{ deliveries: { dispatches: { state: string }[] }[] }>(server.url, 'deliveries?limit=200')
      ).deliveries.filter(({ dispatches }) => dispatches[0]?.state === 'done').length;
    await expect.poll(started, { timeout: 60_000, interval: 500 }).toBe(expected.length);
    expect(server.output().match(/Temporal is unavailable/g)).toHaveLength(1);
    expect(server.output()).toContain('Temporal is available again');
  } finally {
    engine.kill('SIGKILL');
  }
}, 240_000);
