import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { HEX_SHA256, hmacShape, isSignedByAny, signatureReader } from '../../../src/providers/hmac-signature.js';
import { schemeOf } from '../../../src/providers/known-sources.js';
import { hmac } from '../../../src/providers/services/hmac.js';
import { shopify } from '../../../src/providers/services/shopify.js';
import { slack } from '../../../src/providers/services/slack.js';
import { readSigned, standardWebhooks } from '../../../src/providers/services/standard-webhooks.js';
import { stripe } from '../../../src/providers/services/stripe.js';
import { isTimely } from '../../../src/providers/services/timestamp.js';
import { token } from '../../../src/providers/services/token.js';
import { MalformedPayload, TooManyValues } from '../../../src/providers/webhook-scheme.js';
import { Secret } from '../../../src/secrets/secret.js';
import { kinds, senderOf, sourceOf } from '../senders.js';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const SECONDS = String(NOW / 1000);
const body = Buffer.from('{"type":"a.b","id":"evt_1"}');
const secrets = [new Secret('s')];
const hex = (...parts: (string | Buffer)[]) => {
  const made = createHmac('sha256', 's');
  for (const part of parts) made.update(part);
  return made.digest('hex');
};

test.each(kinds)('what a sender of %s puts into a header is taken from one header alone', (kind) => {
  const { singletonHeaders } = schemeOf(sourceOf(kind));
  const sent = senderOf(kind).headers(body, NOW, 'event');
  expect(singletonHeaders).toEqual(expect.arrayContaining(Object.keys(sent)));
});

test.each(kinds.filter((kind) => schemeOf(sourceOf(kind)).capabilities.events.includes('generic')))(
  'an event of a source of %s is said to come from there',
  (kind) => {
    const context = { source: 'here', deliveryId: 'd1', receivedAt: '2026-11-24T08:00:00.000Z' };
    const made = schemeOf(sourceOf(kind)).normalise({ id: 'evt_1' }, 'a.b', context);
    expect(made).toEqual({
      event: { ...context, provider: kind, kind: 'generic', type: 'a.b', id: 'evt_1', data: { id: 'evt_1' } },
    });
  },
);

test.each(['hmac', 'token'] as const)(
  'the header of a source of %s that holds the credential is not stored',
  (kind) => {
    const scheme = schemeOf(sourceOf(kind));
    const [header = ''] = Object.keys(senderOf(kind).headers(body, NOW));
    expect(scheme.credentialHeaders).toEqual([header]);
  },
);

test.each(['slack', 'stripe'] as const)('a source of %s takes bodies of 5 MB', (kind) => {
  expect(schemeOf(sourceOf(kind)).maxBodyBytes).toBe(5 * 1024 * 1024);
});

test.each(['slack', 'stripe', 'standard-webhooks'] as const)(
  'a delivery of %s that is too old is refused before its body is read',
  (kind) => {
    const { verifyHeaders } = schemeOf(sourceOf(kind));
    const at = (now: number) => verifyHeaders?.(senderOf(kind).headers(body, NOW), now);
    expect([at(NOW), at(NOW + 300_000), at(NOW + 301_000)]).toEqual([undefined, undefined, false]);
    expect(verifyHeaders?.({}, NOW)).toBe(false);
  },
);

test.each(['', 'x', '1x', 'x1', '1 ', '-1', '1.5', '1e3', '0x1', '1'.repeat(13), undefined])(
  'the time of a delivery is no %j, whatever is tolerated',
  (seconds) => {
    expect(isTimely(seconds, { now: 0, toleranceSeconds: 1e15 })).toBe(false);
    expect(isTimely('1', { now: 0, toleranceSeconds: 1e15 })).toBe(true);
  },
);

test('a large body is verified whole, and others have their turns meanwhile', async () => {
  const large = Buffer.alloc(3 * 1024 * 1024, 'a');
  const signatures = [hex(large)];
  let turns = 0;
  const counting = setImmediate(function count() {
    turns += 1;
    if (turns < 100) setImmediate(count);
  });
  expect(await isSignedByAny(secrets, { signatures, body: large }, HEX_SHA256)).toBe(true);
  expect(turns).toBeGreaterThanOrEqual(2);
  clearImmediate(counting);
  large[large.length - 1] = 0;
  expect(await isSignedByAny(secrets, { signatures, body: large }, HEX_SHA256)).toBe(false);
});

test.each([
  ['sha256', 'hex', 64],
  ['sha384', 'hex', 96],
  ['sha512', 'hex', 128],
  ['sha256', 'base64', 44],
  ['sha384', 'base64', 64],
  ['sha512', 'base64', 88],
] as const)('a signature by %s in %s has %d characters of its alphabet', (algorithm, encoding, length) => {
  const shape = hmacShape({ algorithm, encoding });
  const good = createHmac(algorithm, 's').update(body).digest(encoding);
  expect(good).toHaveLength(length);
  expect(shape.test(good)).toBe(true);
  for (const odd of [`${good}=`, `${good}0`, good.slice(0, -1), `!${good.slice(1)}`, ` ${good}`, ''])
    expect(shape.test(odd), odd).toBe(false);
});

test('several signatures of a header are divided by commas and blanks, unless what stands before them holds one', () => {
  const [one, two] = ['1'.repeat(64), '2'.repeat(64)];
  const read = signatureReader({ algorithm: 'sha256', encoding: 'hex' });
  expect(read(`${one}, ${two}`)).toEqual([one, two]);
  expect(read(`${one} ,\t ${two},`)).toEqual([one, two]);
  expect(read(`${', '.repeat(20)}${one}`)).toEqual([one]);
  expect(read(undefined)).toEqual([]);
  const withComma = signatureReader({ algorithm: 'sha256', encoding: 'hex', prefix: 'v1, ' });
  expect(withComma(`v1, ${one}`)).toEqual([one]);
  expect(withComma(`v1, ${one}, v1, ${two}`)).toEqual([]);
});

describe('standard webhooks', () => {
  const SIGNING = `whsec_${Buffer.from('one secret of thirty-two bytes!!').toString('base64')}`;
  const signature = new Webhook(SIGNING).sign('m1', new Date(NOW), `${body}`);
  const headers = { 'webhook-id': 'm1', 'webhook-timestamp': SECONDS, 'webhook-signature': signature };
  const scheme = (...by: string[]) =>
    standardWebhooks.webhook({ secrets: by.map((secret) => new Secret(secret)), toleranceSeconds: 300 });
  const verify = (by: string, sent: Record<string, string> = headers) =>
    scheme(by).verify({ headers: sent, body }, NOW);

  test('a delivery of Standard Webhooks needs its id, its time and a signature, each in its form', () => {
    expect(readSigned(headers)).toEqual({ id: 'm1', time: SECONDS, signatures: [signature] });
    for (const name of Object.keys(headers)) {
      expect(readSigned({ ...headers, [name]: undefined as never }), name).toBeUndefined();
      expect(readSigned({ ...headers, [name]: '' }), name).toBeUndefined();
    }
    for (const id of ['a b', ' m', 'm ', 'ä', `${'m'.repeat(201)}`])
      expect(readSigned({ ...headers, 'webhook-id': id }), id).toBeUndefined();
    for (const odd of ['v1', 'v1,short=', `v2,${signature.slice(3)}`, `v1a,${signature.slice(3)}`])
      expect(readSigned({ ...headers, 'webhook-signature': odd }), odd).toBeUndefined();
  });

  test('each header of Standard Webhooks, and of Svix, is taken from one header alone', () => {
    const named = ['id', 'timestamp', 'signature'].flatMap((name) => [`webhook-${name}`, `svix-${name}`]);
    expect(new Set(scheme(SIGNING).singletonHeaders)).toEqual(new Set([...named, 'content-type']));
  });

  test('ten signatures of Standard Webhooks are looked at, divided by blanks', () => {
    const other = `v1,${'A'.repeat(43)}=`;
    const sent = (count: number) => ({
      ...headers,
      'webhook-signature': `${`${other}  `.repeat(count)}${signature} odd`,
    });
    expect(readSigned(sent(9))?.signatures).toEqual([...Array(9).fill(other), signature]);
    expect(readSigned(sent(10))?.signatures).toEqual(Array(10).fill(other));
  });

  test('the id of Standard Webhooks is that which was signed', () => {
    const key = (sent: Record<string, string>) => scheme(SIGNING).deliveryKey({ headers: sent, body, payload: {} });
    expect(key({ ...headers, 'svix-id': 'forged' })).toBe('m1');
    expect(() => key({})).toThrow(new MalformedPayload('the header webhook-id is missing'));
  });

  test('a secret of Standard Webhooks without a key verifies nothing', async () => {
    const empty = createHmac('sha256', '').update(`m1.${SECONDS}.`).update(body).digest('base64');
    expect(await verify('whsec_', { ...headers, 'webhook-signature': `v1,${empty}` })).toBe(false);
    expect(await verify(SIGNING)).toBe(true);
  });

  test('a key that begins otherwise is read as it is', async () => {
    const bare = Buffer.from('one secret of thirty-two bytes!!').toString('base64');
    expect(await verify(bare)).toBe(true);
    expect(await verify(`whsec_whsec_${bare}`)).toBe(false);
  });

  test('a public key verifies what its private key signed, and no other form', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const signed = `v1a,${signWith(null, Buffer.concat([Buffer.from(`m1.${SECONDS}.`), body]), privateKey).toString('base64')}`;
    const whpk = `whpk_${raw.toString('base64')}`;
    const other = `v1a,${'A'.repeat(86)}==`;
    expect(await verify(whpk, { ...headers, 'webhook-signature': `${other} ${signature} ${signed}` })).toBe(true);
    expect(await verify(whpk, { ...headers, 'webhook-signature': `${other} ${signature}` })).toBe(false);
    expect(
      await verify(`whpk_${raw.subarray(1).toString('base64')}`, { ...headers, 'webhook-signature': signed }),
    ).toBe(false);
  });
});

describe('stripe', () => {
  const scheme = () => stripe.webhook({ secrets, toleranceSeconds: 300 });
  const signs = (value: string) => scheme().isSigned({ 'stripe-signature': value });

  test('the signature of Stripe holds one time of digits, and one well-formed v1', () => {
    const v1 = hex(`${SECONDS}.`, body);
    expect(signs(`t=${SECONDS},v1=${v1}`)).toBe(true);
    for (const odd of [
      `t=${SECONDS}`,
      `v1=${v1}`,
      `t=,v1=${v1}`,
      `t,v1=${v1}`,
      `t=x1,v1=${v1}`,
      `t=1x,v1=${v1}`,
      `t=${SECONDS},v1`,
      `t=${SECONDS},v1=0`,
      '',
    ])
      expect(signs(odd), odd).toBe(false);
    expect(scheme().isSigned({})).toBe(false);
  });

  test('an event of Stripe is named by its type and its id', () => {
    const parsed = (payload: unknown) => ({ headers: {}, body, payload });
    expect(scheme().eventName(parsed({ type: 'a.b' }))).toBe('a.b');
    expect(scheme().deliveryKey(parsed({ id: 'evt_1' }))).toBe('evt_1');
    expect(() => scheme().eventName(parsed({}))).toThrow(MalformedPayload);
    expect(scheme().deliveryKey(parsed({}))).toMatch(/^sha256-/);
    // The same bytes at another time are another event.
    const v1 = hex(`${SECONDS}.`, body);
    const keys = [SECONDS, Number(SECONDS) + 1].map((time) =>
      scheme().deliveryKey({ ...parsed({}), headers: { 'stripe-signature': `t=${time},v1=${v1}` } }),
    );
    expect(new Set(keys).size).toBe(2);
  });
});

test('an event of Shopify is named by its topic and its id', () => {
  const scheme = shopify.webhook({ secrets });
  const headers = { 'x-shopify-topic': 'orders/create', 'x-shopify-webhook-id': 'w1' };
  const parsed = { headers, body, payload: {} };
  expect([scheme.eventName(parsed), scheme.deliveryKey(parsed)]).toEqual(['orders/create', 'w1']);
  expect(() => scheme.eventName({ ...parsed, headers: {} })).toThrow(MalformedPayload);
  expect(scheme.deliveryKey({ ...parsed, headers: {} })).toBeUndefined();
});

describe('slack', () => {
  const scheme = () => slack.webhook({ secrets, toleranceSeconds: 300 });
  const form = { 'content-type': 'application/x-www-form-urlencoded ; charset=utf-8' };

  test('what Slack sends is known by the id of its event, or else by its time and its bytes', () => {
    const key = (payload: unknown, time = '1', bytes = '{}') =>
      scheme().deliveryKey({ headers: { 'x-slack-request-timestamp': time }, body: Buffer.from(bytes), payload });
    expect(key({ event_id: 'Ev1' })).toBe('Ev1');
    expect(key({ command: '/deploy' })).toBe(key({ command: '/deploy' }));
    expect(new Set([key({}), key({}, '2'), key({}, '1', '[]')]).size).toBe(3);
  });

  test('what Slack sends is called by its event, its command or its type', () => {
    const name = (payload: unknown) => scheme().eventName({ headers: {}, body, payload });
    expect(name({ type: 'event_callback', event: { type: 'message' } })).toBe('message');
    expect(name({ type: 'x', command: '/deploy' })).toBe('/deploy');
    expect(name({ type: 'block_actions' })).toBe('block_actions');
    expect(['', 3, { type: 'ä' }].map(name)).toEqual(['event', 'event', 'event']);
  });

  test('a field of Slack that is null or in other letters keeps no other from being read', () => {
    for (const odd of [
      { event: null },
      { type: null },
      { command: '/größe' },
      { event: { type: 'ä' } },
      { event: 7 },
    ]) {
      const parsed = { headers: {}, body, payload: { type: 'event_callback', ...odd, event_id: 'Ev1' } };
      expect(scheme().deliveryKey(parsed), JSON.stringify(odd)).toBe('Ev1');
      expect(scheme().eventName(parsed)).toBe('type' in odd ? 'event' : 'event_callback');
    }
  });

  test('an interaction of Slack is the JSON in a field of its form, and JSON that is called a form is refused', () => {
    const read = (text: string, headers: Record<string, string> = form) =>
      scheme().parse({ headers, body: Buffer.from(text) });
    expect(read('payload=%7B%22type%22%3A%22block_actions%22%7D')).toEqual({ type: 'block_actions' });
    expect(read('command=%2Fdeploy&payloads=1')).toEqual({ command: '/deploy', payloads: '1' });
    expect(read('command=x', { 'content-type': 'Application/X-WWW-Form-Urlencoded' })).toEqual({ command: 'x' });
    expect(read('{"a":"b"}', {})).toEqual({ a: 'b' });
    expect(read('{"a":"b"}', { 'content-type': 'application/json' })).toEqual({ a: 'b' });
    expect(() => read('{"a":"&payload=1"}')).toThrow(
      new MalformedPayload('the body is JSON, and its content type says form'),
    );
  });

  test('a body of Slack that holds too many values is refused before it is parsed, in each of its forms', () => {
    const read = (text: string, maxValues: number, headers: Record<string, string> = form) =>
      scheme().parse({ headers, body: Buffer.from(text), maxValues });
    for (const [text, headers] of [
      ['{"a":[1,2,3,4]}', {}],
      ['a=1&b=2&c=3&d=4', form],
      ['payload=%7B%22a%22%3A%5B1%2C2%2C3%2C4%5D%7D', form],
    ] as const) {
      expect(() => read(text, 3, headers), text).toThrow(new TooManyValues(3));
      expect(read(text, 100, headers), text).toBeTruthy();
    }
  });
});

test('a token may follow Bearer, and nothing else', async () => {
  const scheme = token.webhook({ secrets: [new Secret('abc Bearer d')], header: 'X-Token' });
  const verify = (value: string) => scheme.verify({ headers: { 'x-token': value }, body }, NOW);
  expect(await verify('abc Bearer d')).toBe(true);
  expect(await verify('bearer abc Bearer d')).toBe(true);
  expect(await verify('Basic abc Bearer d')).toBe(false);
  expect([scheme.isSigned({}), scheme.isSigned({ 'x-token': 'Bearer ' }), scheme.isSigned({ 'x-token': 'x' })]).toEqual(
    [false, false, true],
  );
});

test('a token goes after Bearer in the usual header, and alone in another', () => {
  const unsigned = { body, eventName: undefined, id: 'i', secrets: ['s'] };
  const by = (header: string) => token.sign({ header } as never, unsigned).credential;
  expect(by('Authorization')).toEqual({ kind: 'bearer', header: 'authorization' });
  expect(by('X-Token')).toEqual({ kind: 'plain', header: 'x-token' });
});

test('a source of hmac signs with what stands before the signature', async () => {
  const source = { header: 'X-Sig', algorithm: 'sha256', encoding: 'hex', prefix: 'v=' } as const;
  const { headers } = hmac.sign(source as never, { body, eventName: undefined, id: 'i', secrets: ['s'] });
  expect(headers).toEqual({ 'x-sig': `v=${hex(body)}` });
  const scheme = hmac.webhook({ ...source, secrets });
  expect(await scheme.verify({ headers, body }, NOW)).toBe(true);
  expect(await scheme.verify({ headers: {}, body }, NOW)).toBe(false);
});
