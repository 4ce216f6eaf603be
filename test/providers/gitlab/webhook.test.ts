import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { gitlab } from '../../../src/providers/gitlab/webhook/index.js';
import { Secret } from '../../../src/secrets/secret.js';
import { describeKind } from '../conformance.js';
import { recorded } from '../recorded.js';
import { gitlabFixtures as fixtures } from './fixtures.js';

const whsec = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const make = (secrets: readonly Secret[], acceptSecretToken = false) =>
  gitlab({ secrets: [...secrets], acceptSecretToken });
const signed = (body: Buffer, { secret, now, id }: { secret: string; now: number; id: string }) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(now / 1000)),
  'webhook-signature': new Webhook(secret).sign(id, new Date(now), body.toString()),
});

describeKind('gitlab with a signing token', {
  make,
  sign: signed,
  credential: 'webhook-signature',
  signsBody: true,
  secret: whsec('one secret of thirty-two bytes!!'),
  otherSecret: whsec('another one of thirty-two bytes!'),
  fixtures,
});

describeKind('gitlab with a secret token', {
  make,
  sign: (_, { secret, id }) => ({ 'x-gitlab-token': secret, 'idempotency-key': id }),
  credential: 'x-gitlab-token',
  signsBody: false,
  fixtures,
});

describe('gitlab with both', () => {
  const signing = new Secret(whsec('one secret of thirty-two bytes!!'));
  const token = new Secret('the old token');
  const delivery = { headers: { 'x-gitlab-token': 'the old token' }, body: Buffer.from('{}') };

  test('a request with only the secret token is refused: the weaker scheme is not the sender’s to choose', async () => {
    const kind = make([signing, token]);
    expect(kind.isSigned(delivery.headers)).toBe(false);
    expect(await kind.verify(delivery, Date.now())).toBe(false);
  });

  test('the secret token is taken while hooks are being moved', async () => {
    expect(await make([signing, token], true).verify(delivery, Date.now())).toBe(true);
  });
});

test('the delivery key is never one of the UUIDs that tell something else', () => {
  const kind = make([]);
  const of = (headers: Record<string, string>) => kind.deliveryKey({ headers, body: Buffer.from('{}'), payload: {} });
  const uuids = { 'x-gitlab-event-uuid': 'e', 'x-gitlab-webhook-uuid': 'w' };
  expect(of({ ...uuids, 'webhook-id': 'one', 'idempotency-key': 'two' })).toBe('one');
  expect(of({ ...uuids, 'idempotency-key': 'two' })).toBe('two');
  expect(of(uuids)).toBeUndefined();
});

test.each([
  ['labels', { labels: { previous: [], current: [{ title: 'bug' }] } }, 'labeled'],
  ['the title', { title: { previous: 'a', current: 'b' } }, 'edited'],
  ['a draft that is ready', { draft: { previous: true, current: false } }, 'ready_for_review'],
])('a changed target branch is one of an update that changes %s too', (_, changes, action) => {
  const body = fixtures.find(({ name }) => name === 'a changed target branch')?.body as object;
  const context = { source: 's', deliveryId: 'd', receivedAt: '2026-11-24T08:00:00.000Z' };
  const of = (more: object) =>
    make([]).normalise({ ...body, changes: { ...changes, ...more } }, 'Merge Request Hook', context);
  expect(of({ target_branch: { previous: 'main', current: 'next' } })).toMatchObject({
    event: { action, baseChanged: true },
  });
  expect(of({})).not.toHaveProperty('event.baseChanged');
});

test('recorded payloads are recognised, and none is malformed', () => {
  const kind = make([]);
  const context = { source: 's', deliveryId: 'd', receivedAt: '2026-11-24T08:00:00.000Z' };
  const expected: Record<string, RegExp> = {
    'Push Hook': /push|_deleted/,
    'Tag Push Hook': /tag/,
    'Merge Request Hook': /pull_request|review|ignored/,
    'Note Hook': /comment/,
    'Pipeline Hook': /status/,
    'Release Hook': /release/,
    'Issue Hook': /ignored/,
  };
  for (const { file, headers, body } of recorded('gitlab')) {
    const event = headers['x-gitlab-event'] ?? '';
    const answer = kind.normalise(kind.parse({ headers: {}, body }), event, context);
    expect('event' in answer ? answer.event.kind : 'ignored', file).toMatch(expected[event] ?? /never/);
  }
});
