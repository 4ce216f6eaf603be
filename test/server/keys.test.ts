import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { synthesisedKey } from '../../src/events/synthesised-key.js';
import { createIngest } from '../../src/intake/ingest.js';
import { knownSources } from '../../src/providers/known-sources.js';
import { push } from '../../src/triggers/index.js';
import { type Answer, deliver, sign } from '../support/harness/delivery.js';
import { keepLog } from '../support/harness/log.js';
import { uniquePush } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { API_TOKEN, testConfig } from '../support/harness/receiver-config.js';

/*
 * Senders choose the keys of their deliveries: most providers don't sign the header that holds them. What one sender
 * chooses must not become the name of anything of another's, or of ours.
 */

const sources = { github: {}, other: {}, cloud: { options: { kind: 'bitbucket-cloud' } } };
const automations = () => [{ name: 'ci', on: [push()], file: 'ci.ts' }];
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver({ config: { sources }, automations });
});
afterAll(() => receiver.close());

async function api(method: 'GET' | 'POST', path: string) {
  const response = await fetch(`${receiver.url}/api/${path}`, {
    method,
    headers: { authorization: `Bearer ${API_TOKEN}` },
  });
  return { status: response.status, body: (await response.json()) as Answer & { readonly [key: string]: unknown } };
}
const show = (id: string, source = '') =>
  api('GET', `deliveries/${encodeURIComponent(id)}${source && `?source=${source}`}`);
const replay = (id: string, source = '') =>
  api('POST', `deliveries/${encodeURIComponent(id)}/replay${source && `?source=${source}`}`);
const started = async (id: string) =>
  (await receiver.store.inbox.find(id))?.dispatches.map(({ workflowId }) => workflowId);

test('a key that another source has too is ambiguous: explain and replay list both, and take the source', async () => {
  const id = randomUUID();
  const ours = (await deliver(receiver.url, { id, body: uniquePush() })).body.delivery;
  const theirs = (await deliver(receiver.url, { id, source: 'other', body: uniquePush() })).body.delivery;
  for (const ask of [show, replay]) {
    expect(await ask(id)).toMatchObject({
      status: 409,
      body: {
        error: expect.stringContaining('several deliveries'),
        meanings: [
          { id: theirs, source: 'other' },
          { id: ours, source: 'github', key: id },
        ],
      },
    });
  }
  expect((await show(id, 'github')).body).toMatchObject({ id: ours });
  expect((await show(id, 'other')).body).toMatchObject({ id: theirs });
  expect((await show(id, 'cloud')).status).toBe(404);
  expect((await replay(id, 'github')).body).toEqual({ delivery: ours, runs: [`ci/github/${id}/replay-1`] });
  expect((await replay(theirs ?? '')).body).toEqual({ delivery: theirs, runs: [`ci/other/${id}/replay-1`] });
});

test("a key that is another delivery's id, or begins one, does not stand for it", async () => {
  const ours = (await deliver(receiver.url, { body: uniquePush() })).body.delivery ?? '';
  const begun = ours.slice(0, 12);
  await deliver(receiver.url, { id: ours, source: 'other', body: uniquePush() });
  await deliver(receiver.url, { id: begun, source: 'other', body: uniquePush() });
  expect((await show(ours)).body).toMatchObject({ id: ours, source: 'github' });
  expect((await show(ours, 'other')).body).toMatchObject({ key: ours, source: 'other' });
  expect((await show(begun)).status).toBe(409);
});

test('a run is found by its name, though another source has a delivery of that key', async () => {
  const id = randomUUID();
  await deliver(receiver.url, { id, body: uniquePush() });
  await deliver(receiver.url, { id, source: 'other', body: uniquePush() });
  expect(await receiver.store.inbox.findStart(`ci/github/${id}`)).toMatchObject({ state: 'pending' });
});

test.each(['%s/replay-1', '%s/replay-2', '%s%%2Freplay-1'])(
  'a key like %s is stored, and leaves the replay of the first its name',
  async (form) => {
    const id = randomUUID();
    const first = (await deliver(receiver.url, { id, body: uniquePush() })).body.delivery ?? '';
    const key = form.replace('%s', id).replace('%%', '%');
    const second = await deliver(receiver.url, { id: key, body: uniquePush() });
    expect(second.status).toBe(202);
    for (const count of [1, 2]) {
      expect((await replay(first)).body.runs).toEqual([`ci/github/${id}/replay-${count}`]);
      expect(await started(first)).toHaveLength(count + 1);
    }
    expect((await replay(key)).body.runs).toEqual([`${second.body.runs?.[0]}/replay-1`]);
    expect(await started(second.body.delivery ?? '')).toHaveLength(2);
  },
);

test.each([
  ['before', true],
  ['after', false],
])('a key like that of the second part of a delivery is stored %s it, and so is the delivery', async (_, before) => {
  const id = randomUUID();
  const changes = ['a', 'b'].map((name) => {
    const target = { hash: 'c0ffee'.padEnd(40, '0'), message: 'm', links: { html: { href: 'https://example.com' } } };
    return {
      new: { type: 'branch', name, target },
      old: null,
      created: true,
      closed: false,
      forced: false,
      commits: [],
    };
  });
  const repository = {
    uuid: '{bc771cbf-829e-4c4b-b71f-a0eb3ac2b860}',
    full_name: 'acme/app',
    name: 'app',
    is_private: false,
    links: { html: { href: 'https://bitbucket.org/acme/app' } },
  };
  const send = (key: string, n: number) => {
    const actor = { nickname: 'ada', type: 'user', display_name: key };
    const body = JSON.stringify({ actor, repository, push: { changes: n === 1 ? changes : changes.slice(1) } });
    const headers = { 'x-event-key': 'repo:push', 'x-request-uuid': key, 'x-hub-signature': sign(body) };
    return deliver(receiver.url, { source: 'cloud', body, headers });
  };
  const both = [() => send(id, 1), () => send(`${id}/2`, 2)];
  const answers = [];
  for (const one of before ? both.reverse() : both) answers.push(await one());
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  const runs = answers.flatMap(({ body }) => body.runs ?? []);
  expect(runs).toContain(`ci/cloud/${id}/2`);
  expect(new Set(runs).size).toBe(3);
});

test('a key like that of a synthesised delivery keeps reconciling from nothing', async () => {
  const repository = { id: '1', fullName: 'acme/app', url: 'https://example.com/acme/app', private: false };
  const commit = { sha: 'c'.repeat(40) };
  const sender = { login: 'ada', bot: false };
  const names = { kind: 'push', source: 'github', provider: 'github', branch: 'main', ref: 'refs/heads/main' } as const;
  const event = { ...names, repository, commit, sender, created: false, forced: false };
  const key = synthesisedKey(event);
  const outside = await deliver(receiver.url, { id: key, body: uniquePush() });
  expect(outside.status).toBe(202);
  expect(await receiver.store.inbox.has('github', [key])).toEqual(new Set());
  const config = testConfig({ sources });
  const ingest = createIngest({
    config,
    sources: knownSources(config.sources),
    inbox: receiver.store.inbox,
    automations,
    log: keepLog().log,
    outdate: async () => undefined,
  });
  expect(await ingest.event({ key, event })).toEqual({ outcome: 'stored' });
  expect((await show(key)).body).toMatchObject({ key, eventName: 'sweep push' });
  expect((await deliver(receiver.url, { id: key, body: uniquePush() })).body).toMatchObject({
    duplicate: true,
    delivery: outside.body.delivery,
  });
});

test('a replay whose name a delivery of a version before has taken gets the next one', async () => {
  const id = randomUUID();
  const first = (await deliver(receiver.url, { id, body: uniquePush() })).body.delivery ?? '';
  const taken = `ci/github/${id}/replay-1`;
  const row = {
    ...(await receiver.store.inbox.find(first)),
    id: `x${id}`,
    key: `${id}/replay-1`,
    body: Buffer.from('x'),
  };
  const verdicts = [{ automation: 'ci', outcome: 'start', because: 'b', workflowId: taken }] as const;
  const { dispatches: _, bodyBytes: __, ...kept } = row;
  await receiver.store.inbox.accept({ ...kept, verdicts, bodyHash: id, repeatedSince: Date.now() } as never);
  expect((await replay(first)).body.runs).toEqual([`ci/github/${id}/replay-2`]);
});
