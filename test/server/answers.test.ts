import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreClosedError, StoreUnavailableError } from '../../src/store/store.js';
import { push } from '../../src/triggers/index.js';
import { deliver, headersOf, sign } from '../support/harness/delivery.js';
import { ERROR, WARN } from '../support/harness/log.js';
import { pullRequestPayload, pushPayload, uniquePush } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { SECRET } from '../support/harness/receiver-config.js';

let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver({ config: { sources: { github: {}, off: { enabled: false } } } });
});
afterAll(() => receiver.close());

const lastLine = () => receiver.kept.lines('delivery').at(-1);

describe('the answer to a delivery', () => {
  it('the answer to a delivery names the delivery, the verdicts and the runs, once it is stored', async () => {
    const wakes = receiver.wakes();
    const { status, body, headers } = await deliver(receiver.url, { id: 'answer-1', body: uniquePush() });
    expect(status).toBe(202);
    expect(body).toEqual({
      delivery: expect.stringMatching(/^d[0-9a-f]{24}$/),
      event: 'push to main of acme/shop at 1234567',
      verdicts: [
        {
          automation: 'ci',
          outcome: 'start',
          because: 'push to main of acme/shop at 1234567',
          run: 'ci/github/answer-1',
        },
        { automation: 'docs', outcome: 'filtered', because: expect.stringContaining('paths ["docs/**"]') },
        { automation: 'release', outcome: 'filtered', because: expect.stringContaining('listens to tag') },
      ],
      runs: ['ci/github/answer-1'],
    });
    expect(headers.get('x-hookyard-delivery')).toBe(body.delivery);
    expect(receiver.wakes()).toBe(wakes + 1);
    const stored = await receiver.store.inbox.find(body.delivery ?? '');
    expect(stored).toMatchObject({ key: 'answer-1', source: 'github', eventName: 'push', events: [{ kind: 'push' }] });
    expect(lastLine()).toMatchObject({
      source: 'github',
      delivery: body.delivery,
      key: 'answer-1',
      event: 'push',
      repository: 'acme/shop',
      outcome: 'stored',
      status: 202,
      runs: ['ci/github/answer-1'],
      started: 1,
      filtered: 2,
      bytes: expect.any(Number),
      ms: expect.any(Number),
    });
  });

  it('a repeat is answered as the first delivery was', async () => {
    const body = uniquePush();
    const first = await deliver(receiver.url, { id: 'repeat-1', body });
    const again = await deliver(receiver.url, { id: 'repeat-1', body });
    expect(again.status).toBe(202);
    expect(again.body).toEqual({ ...first.body, duplicate: true, repeats: 'key' });
    expect(lastLine()).toMatchObject({ outcome: 'duplicate', runs: ['ci/github/repeat-1'] });
  });

  it.each([
    ['ping', { zen: 'Design for failure.', hook_id: 1 }, 'ping'],
    ['star', { action: 'created', nonce: 1 }, 'no automation can listen to star events'],
    ['create', { ref: 'main', ref_type: 'branch' }, 'the push event says the same'],
    ['push', pushPayload({ ref: 'refs/heads/other' }), 'no automation matched'],
    ['pull_request', pullRequestPayload({ action: 'labeled' }), 'no automation matched'],
    [
      'pull_request',
      pullRequestPayload({ action: 'sung' }),
      'no automation can listen to the pull-request action sung',
    ],
  ])(
    'the answer to a delivery is 2xx for a %s that starts nothing, with the reason',
    async (event, payload, ignored) => {
      const wakes = receiver.wakes();
      const { status, body } = await deliver(receiver.url, { event, body: JSON.stringify(payload) });
      expect(status).toBe(202);
      expect(body).toMatchObject({ ignored, runs: [] });
      expect(await receiver.store.inbox.find(body.delivery ?? '')).toMatchObject({ eventName: event });
      expect(lastLine()).toMatchObject({ level: 30, outcome: 'ignored', because: ignored });
      expect(receiver.wakes()).toBe(wakes);
    },
  );

  const body = JSON.stringify(pushPayload({ nonce: 'refused' }));
  const sha1 = `sha1=${createHmac('sha1', SECRET).update(body).digest('hex')}`;
  const form = (text: string) => ({
    body: text,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-hub-signature-256': sign(text) },
  });
  const utf8Broken = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);

  it.each([
    ['an unknown source', 404, { source: 'nowhere', body }],
    ['a disabled source', 404, { source: 'off', body }],
    ['a source named as a property of every object', 404, { source: '__proto__', body }],
    ['a compressed body', 415, { body, headers: { 'content-encoding': 'gzip' } }],
    ['no signature', 401, { body, headers: { 'x-hub-signature-256': undefined } }],
    ['an empty signature', 401, { body, headers: { 'x-hub-signature-256': '' } }],
    ['a SHA-1 signature only', 401, { body, headers: { 'x-hub-signature-256': undefined, 'x-hub-signature': sha1 } }],
    ['a SHA-1 signature in the place of the other', 401, { body, headers: { 'x-hub-signature-256': sha1 } }],
    ['another secret', 401, { body, secret: 'guess' }],
  ])('the receiver refuses %s with %i and a sentence, and stores nothing', async (_, status, delivery) => {
    const before = (await receiver.store.inbox.list({ limit: 500 })).length;
    const answer = await deliver(receiver.url, delivery);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ error: expect.stringMatching(/^[a-z].{10,}[^.]$/) });
    expect((await receiver.store.inbox.list({ limit: 500 })).length).toBe(before);
    expect(lastLine()).toMatchObject({ level: WARN, outcome: 'refused', status, because: answer.body.error });
  });

  it.each([
    ['no event name', { body, headers: { 'x-github-event': undefined } }],
    ['a malformed event name', { body, headers: { 'x-github-event': 'pu sh' } }],
    ['broken JSON', { body: '{"ref":' }],
    ['an empty body', { body: '' }],
    ['a body that is not UTF-8', { body: utf8Broken }],
    ['JSON that is no object', { body: '[]' }],
    ['a push without a ref', { body: JSON.stringify(pullRequestPayload()) }],
    ['a pull request without one', { event: 'pull_request', body }],
    ['a form without a payload', form('other=1')],
    ['a form with two payloads', form('payload=%7B%7D&payload=%7B%7D')],
    ['a form with a broken escape', form('payload=%7')],
  ])('the receiver keeps %s, which was verified, and ignores it with the reason', async (_, delivery) => {
    const answer = await deliver(receiver.url, delivery);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      delivery: expect.stringMatching(/^d[0-9a-f]{24}$/),
      ignored: expect.stringMatching(/^it can't be read: [a-z].{10,}[^.]$/),
      verdicts: [],
      runs: [],
    });
    const kept = await receiver.store.inbox.find(answer.body.delivery ?? '');
    expect(kept).toMatchObject({ ignored: answer.body.ignored, events: [] });
    expect(lastLine()).toMatchObject({
      outcome: 'ignored',
      unreadable: true,
      status: 202,
      because: answer.body.ignored,
    });
    expect((await deliver(receiver.url, delivery)).body.duplicate).toBeUndefined();
  });

  it.each([
    ['no', { headers: { 'x-github-delivery': undefined } }],
    ['a long', { id: 'k'.repeat(201) }],
    ['an odd', { id: 'k\u00e9 y' }],
  ])('the receiver reads a delivery that was verified and has %s id', async (_, sent) => {
    const answer = await deliver(receiver.url, { body: uniquePush(), ...sent });
    expect(answer.body.event).toBe('push to main of acme/shop at 1234567');
  });

  it.each(['text/plain', 'application/vnd.github.v3+json', 'application/cloudevents+json; charset=utf-8', ''])(
    'the receiver reads JSON that is called %j',
    async (type) => {
      const answer = await deliver(receiver.url, { body: uniquePush(), headers: { 'content-type': type } });
      expect(answer.body.event).toBe('push to main of acme/shop at 1234567');
    },
  );

  it('the answer to a delivery tells neither an unknown source from a disabled one, nor one bad signature from another', async () => {
    const [unknown, off] = [
      await deliver(receiver.url, { source: 'no', body }),
      await deliver(receiver.url, { source: 'off', body }),
    ];
    expect(unknown.text).toBe(off.text);
    const close = sign(body).replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const answers = await Promise.all(
      [undefined, '', 'sha256=', close].map((value) =>
        deliver(receiver.url, { body, headers: { 'x-hub-signature-256': value } }),
      ),
    );
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.text}`)).size).toBe(1);
  });

  it('the answer to another method is 405 and says what to do', async () => {
    const response = await fetch(`${receiver.url}/webhooks/github`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await response.json()).toEqual({ error: expect.stringContaining('POST') });
  });

  it.each(['/', '/webhooks', '/Webhooks/github', '/webhooks/github/more', '/healthz/x'])(
    'the answer to %s is 404 in JSON',
    async (path) => {
      const response = await fetch(`${receiver.url}${path}`, { method: 'POST', headers: headersOf({ body }), body });
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ error: 'there is nothing at this address' });
    },
  );

  it('the answer to a broken path is 400 in JSON, without a stack', async () => {
    const response = await fetch(`${receiver.url}/webhooks/%E0%A4%A`, { method: 'POST' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'the request is malformed' });
  });

  it('the answer to a delivery carries headers that keep browsers from making something of it', async () => {
    const { headers } = await deliver(receiver.url, { body, secret: 'guess' });
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});

it.each([
  ['full', new StoreUnavailableError('the disk is full')],
  ['closed', new StoreClosedError('the store is closed')],
])('a store that is away makes the sender come again when it is %s', async (_, error) => {
  const away = await startReceiver({ inbox: (inbox) => ({ ...inbox, accept: () => Promise.reject(error) }) });
  try {
    const { status, headers, body } = await deliver(away.url, { body: uniquePush() });
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(body).toEqual({ error: expect.any(String) });
    expect(away.kept.lines('delivery').at(-1)).toMatchObject({ level: ERROR, outcome: 'unavailable', status: 503 });
    expect(away.wakes()).toBe(0);
  } finally {
    await away.close();
  }
});

it('an error that nobody foresaw says nothing to the outside', async () => {
  const broken = await startReceiver({
    inbox: (inbox) => ({ ...inbox, accept: () => Promise.reject(new TypeError('at line 7 of /srv/hookyard')) }),
  });
  try {
    const { status, text } = await deliver(broken.url, { body: uniquePush() });
    expect(status).toBe(500);
    expect(text).not.toMatch(/line 7|srv|TypeError/);
    expect(broken.kept.lines('delivery').at(-1)).toMatchObject({ level: ERROR, outcome: 'failed' });
    expect(broken.kept.printed.join('')).toContain('at line 7');
  } finally {
    await broken.close();
  }
});

it('automations are asked for anew with each delivery', async () => {
  let now = 'first';
  const reloading = await startReceiver({ automations: () => [{ name: now, on: [push()], file: 'a.ts' }] });
  try {
    const first = await deliver(reloading.url, { id: 'k', body: uniquePush() });
    now = 'second';
    const second = await deliver(reloading.url, { id: 'l', body: uniquePush() });
    expect([first.body.runs, second.body.runs]).toEqual([['first/github/k'], ['second/github/l']]);
  } finally {
    await reloading.close();
  }
});
