import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { schemeOf } from '../../../src/providers/known-sources.js';
import { basic } from '../../../src/providers/services/basic.js';
import { hmac } from '../../../src/providers/services/hmac.js';
import { shopify } from '../../../src/providers/services/shopify.js';
import { slack } from '../../../src/providers/services/slack.js';
import { standardWebhooks } from '../../../src/providers/services/standard-webhooks.js';
import { stripe } from '../../../src/providers/services/stripe.js';
import { token } from '../../../src/providers/services/token.js';
import { Secret } from '../../../src/secrets/secret.js';
import { describeKind } from '../conformance.js';
import { sourceOf } from '../senders.js';

const hex = (secret: string, ...parts: (string | Buffer)[]) => digest(secret, parts, 'hex');
const digest = (secret: string | Buffer, parts: (string | Buffer)[], encoding: 'hex' | 'base64') => {
  const made = createHmac('sha256', secret);
  for (const part of parts) made.update(part);
  return made.digest(encoding);
};
const seconds = (now: number) => String(Math.floor(now / 1000));
const whsec = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;

const standard = {
  make: (secrets: readonly Secret[]) => standardWebhooks.webhook({ secrets: [...secrets], toleranceSeconds: 300 }),
  sign: (body: Buffer, { secret, now, id }: { secret: string; now: number; id: string }) => ({
    'webhook-id': id,
    'webhook-timestamp': seconds(now),
    'webhook-signature': new Webhook(secret).sign(id, new Date(now), body.toString()),
  }),
  credential: 'webhook-signature',
  signsBody: true,
  secret: whsec('one secret of thirty-two bytes!!'),
  otherSecret: whsec('another one of thirty-two bytes!'),
};

describeKind('standard-webhooks', {
  ...standard,
  fixtures: [
    {
      name: 'any JSON',
      body: { type: 'invoice.paid', timestamp: '2026-11-24T08:00:00Z', data: { id: 'in_1' } },
      expect: { event: { kind: 'generic', type: 'invoice.paid', data: { data: { id: 'in_1' } } } },
    },
  ],
});

describeKind('stripe', {
  make: (secrets) => stripe.webhook({ secrets: [...secrets], toleranceSeconds: 300 }),
  sign: (body, { secret, now }) => ({
    'stripe-signature': `t=${seconds(now)},v1=${hex(secret, `${seconds(now)}.`, body)}`,
  }),
  credential: 'stripe-signature',
  signsBody: true,
  fixtures: [
    {
      name: 'a payment',
      body: {
        id: 'evt_1',
        object: 'event',
        type: 'payment_intent.succeeded',
        data: { object: { id: 'pi_1', amount: 500 } },
      },
      expect: { event: { kind: 'generic', provider: 'stripe', type: 'payment_intent.succeeded', id: 'evt_1' } },
    },
  ],
});

describeKind('slack', {
  make: (secrets) => slack.webhook({ secrets: [...secrets], toleranceSeconds: 300 }),
  sign: (body, { secret, now }) => ({
    'x-slack-request-timestamp': seconds(now),
    'x-slack-signature': `v0=${hex(secret, `v0:${seconds(now)}:`, body)}`,
  }),
  credential: 'x-slack-signature',
  signsBody: true,
  fixtures: [
    {
      name: 'an event',
      body: { type: 'event_callback', event_id: 'Ev1', event: { type: 'app_mention', text: 'hi' } },
      expect: { event: { kind: 'generic', type: 'app_mention' } },
    },
  ],
});

describeKind('shopify', {
  make: (secrets) => shopify.webhook({ secrets: [...secrets] }),
  sign: (body, { secret, id }) => ({
    'x-shopify-hmac-sha256': digest(secret, [body], 'base64'),
    'x-shopify-webhook-id': id,
    'x-shopify-topic': 'orders/create',
  }),
  credential: 'x-shopify-hmac-sha256',
  signsBody: true,
  fixtures: [
    {
      name: 'an order',
      body: { id: 8209829119461545, email: 'a@b.c' },
      expect: { event: { kind: 'generic', type: 'orders/create' } },
    },
  ],
});

describeKind('hmac', {
  make: (secrets) =>
    hmac.webhook({
      secrets: [...secrets],
      header: 'X-Signature',
      algorithm: 'sha512',
      encoding: 'base64',
      prefix: 'sha512=',
      keyHeader: 'X-Id',
      typeHeader: 'X-Type',
    }),
  sign: (body, { secret, id }) => ({
    'x-signature': `sha512=${createHmac('sha512', secret).update(body).digest('base64')}`,
    'x-id': id,
    'x-type': 'thing.done',
  }),
  credential: 'x-signature',
  signsBody: true,
  fixtures: [
    { name: 'anything', body: { a: 1 }, expect: { event: { kind: 'generic', type: 'thing.done', data: { a: 1 } } } },
  ],
});

describeKind('basic', {
  make: (secrets) => basic.webhook({ secrets: [...secrets], username: 'me' }),
  sign: (_, { secret }) => ({ authorization: `Basic ${Buffer.from(`me:${secret}`).toString('base64')}` }),
  credential: 'authorization',
  signsBody: false,
  fixtures: [
    { name: 'anything with a type', body: { type: 'x.y' }, expect: { event: { kind: 'generic', type: 'x.y' } } },
  ],
});

describeKind('token', {
  make: (secrets) => token.webhook({ secrets: [...secrets], header: 'Authorization' }),
  sign: (_, { secret }) => ({ authorization: `Bearer ${secret}` }),
  credential: 'authorization',
  signsBody: false,
  secret: 'token-one',
  otherSecret: 'token-two',
  fixtures: [
    { name: 'anything without a type', body: { a: [1] }, expect: { event: { kind: 'generic', type: 'event' } } },
  ],
});

const NOW = Date.parse('2026-11-24T08:00:00Z');
const body = Buffer.from('{"type":"a.b","id":"evt_1"}');

test.each([
  ['as old as allowed', -300, true],
  ['too old', -301, false],
  ['as new as allowed', 300, true],
  ['too new', 301, false],
])('a time-stamped signature that is %s verifies only within the tolerance', async (_, offset, passes) => {
  const secret = 'shhh';
  const time = String(NOW / 1000 + offset);
  const secrets = [new Secret(secret)];
  const ofStripe = { 'stripe-signature': `t=${time},v1=${hex(secret, `${time}.`, body)}` };
  expect(await stripe.webhook({ secrets, toleranceSeconds: 300 }).verify({ headers: ofStripe, body }, NOW)).toBe(
    passes,
  );
  const ofSlack = {
    'x-slack-request-timestamp': time,
    'x-slack-signature': `v0=${hex(secret, `v0:${time}:`, body)}`,
  };
  expect(await slack.webhook({ secrets, toleranceSeconds: 300 }).verify({ headers: ofSlack, body }, NOW)).toBe(passes);
  const headers = standard.sign(body, { secret: standard.secret, now: NOW + offset * 1000, id: 'm' });
  expect(await standard.make([new Secret(standard.secret)]).verify({ headers, body }, NOW)).toBe(passes);
});

test.each(['1.5', '1e9', '-1', '0x10', '', ' 1', '١'])('a time such as "%s" is none', async (time) => {
  const headers = { 'stripe-signature': `t=${time},v1=${hex('s', `${time}.`, body)}` };
  expect(
    await stripe.webhook({ secrets: [new Secret('s')], toleranceSeconds: 300 }).verify({ headers, body }, NOW),
  ).toBe(false);
});

test('stripe: one of several v1 is enough, v0 never is, and two times are none', async () => {
  const kind = stripe.webhook({ secrets: [new Secret('s')], toleranceSeconds: 300 });
  const time = String(NOW / 1000);
  const good = hex('s', `${time}.`, body);
  const verify = (value: string) => kind.verify({ headers: { 'stripe-signature': value }, body }, NOW);
  expect(await verify(`t=${time},v1=${'0'.repeat(64)},v1=${good},v0=${good}`)).toBe(true);
  expect(await verify(`t=${time}, v1=${good.toUpperCase()}`)).toBe(true);
  expect(await verify(`t=${time},v1=a new form,v1=${good}`)).toBe(true);
  expect(await verify(`t=${time}${`,v1=${'0'.repeat(64)}`.repeat(10)},v1=${good}`)).toBe(false);
  expect(await verify(`t=${time},v0=${good}`)).toBe(false);
  expect(await verify(`t=${time},t=${time},v1=${good}`)).toBe(false);
});

test('standard webhooks: svix headers, and Ed25519 keys', async () => {
  const {
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': signature,
  } = standard.sign(body, { secret: standard.secret, now: NOW, id: 'm' });
  const headers = { 'svix-id': id, 'svix-timestamp': time, 'svix-signature': `v1,${'A'.repeat(43)}= ${signature}` };
  expect(await standard.make([new Secret(standard.secret)]).verify({ headers, body }, NOW)).toBe(true);

  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  const signed = signWith(null, Buffer.concat([Buffer.from(`${id}.${time}.`), body]), privateKey).toString('base64');
  const asymmetric = standard.make([new Secret(`whpk_${key}`)]);
  const withKey = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1a,${signed}` };
  expect(await asymmetric.verify({ headers: withKey, body }, NOW)).toBe(true);
  expect(await asymmetric.verify({ headers: withKey, body: Buffer.from('{}') }, NOW)).toBe(false);
});

test('slack: the challenge of its settings page is answered, and commands come as forms', () => {
  const kind = slack.webhook({ secrets: [new Secret('s')], toleranceSeconds: 300 });
  expect(kind.challenge?.({ type: 'url_verification', challenge: 'abc', token: 'x' })).toEqual({ challenge: 'abc' });
  expect(kind.challenge?.({ type: 'event_callback' })).toBeUndefined();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const form = Buffer.from('command=%2Fdeploy&text=prod+now&__proto__=x');
  const payload = kind.parse({ headers, body: form });
  expect(kind.eventName({ headers, body: form, payload })).toBe('/deploy');
  expect(payload).toMatchObject({ text: 'prod now' });
});

test('a payload over 64 kB is left out of the event', () => {
  const kind = token.webhook({ secrets: [], header: 'x-token' });
  const context = { source: 's', deliveryId: 'd', receivedAt: '2026-11-24T08:00:00.000Z' };
  const read = (length: number) => kind.normalise({ text: 'x'.repeat(length) }, 'event', context);
  expect(read(1_000)).toHaveProperty('event.data');
  expect(read(70_000)).not.toHaveProperty('event.data');
});

test.each(['hmac', 'basic', 'token', 'standard-webhooks'] as const)(
  'a source of %s takes bodies of 1 MB, unless it says how large they are',
  (kind) => {
    const source = sourceOf(kind);
    expect(schemeOf(source).maxBodyBytes).toBe(1024 * 1024);
    expect(schemeOf({ ...source, maxBodyBytes: 5_000_000 } as typeof source).maxBodyBytes).toBe(5_000_000);
  },
);
