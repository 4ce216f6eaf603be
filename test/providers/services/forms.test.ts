import { expect, it } from 'vitest';
import { schemeOf } from '../../../src/providers/known-sources.js';
import type { ProviderKind } from '../../../src/providers/source.js';
import { MalformedPayload } from '../../../src/providers/webhook-scheme.js';
import { senderOf, sourceOf } from '../senders.js';

const form = { 'content-type': 'Application/x-www-form-urlencoded; charset=utf-8' };

it.each(['token', 'basic', 'hmac', 'standard-webhooks'] as const)('a source of %s reads a form as data', (kind) => {
  const scheme = schemeOf(sourceOf(kind));
  const read = (text: string) => scheme.parse({ headers: form, body: Buffer.from(text) });
  const body = 'From=%2B4912345&Body=deploy+now&tag=a&tag=b&__proto__=x&type=sms';
  const payload = read(body);
  expect(JSON.parse(JSON.stringify(payload))).toEqual(
    JSON.parse('{"From":"+4912345","Body":"deploy now","tag":["a","b"],"__proto__":"x","type":"sms"}'),
  );
  expect(scheme.eventName({ headers: form, body: Buffer.from(body), payload })).toBe('sms');
  expect(read('{"a":"&b=c"}')).toEqual({ a: '&b=c' });
  expect(() => read('{"a":&b=c')).toThrow(MalformedPayload);
  expect(() => scheme.parse({ headers: {}, body: Buffer.from('a=b') })).toThrow(MalformedPayload);
});

it.each(['token', 'basic', 'hmac', 'standard-webhooks'] as const)(
  'a source of %s never reads as a form what was signed as JSON, whatever its type says now',
  (kind) => {
    const scheme = schemeOf(sourceOf(kind));
    expect(scheme.singletonHeaders).toContain('content-type');
    const text = JSON.stringify({ type: 'a', note: '&type=deploy&x=' });
    expect(scheme.parse({ headers: form, body: Buffer.from(text) })).toEqual(JSON.parse(text));
    for (const broken of [text.slice(0, -1), ` \n${text.slice(0, -1)}`, `[${text}`])
      expect(() => scheme.parse({ headers: form, body: Buffer.from(broken) }), broken).toThrow(MalformedPayload);
  },
);

const body = Buffer.from('{}');
const hmacs: readonly [ProviderKind, string][] = [
  ['hmac', 'x-signature'],
  ['github', 'x-hub-signature-256'],
  ['slack', 'x-slack-signature'],
  ['forgejo', 'x-forgejo-signature'],
  ['gogs', 'x-gogs-signature'],
  ['bitbucket-cloud', 'x-hub-signature'],
  ['bitbucket-data-center', 'x-hub-signature'],
  ['gitea', 'x-gitea-signature'],
];

it.each(hmacs)('a source of %s takes several signatures, and digits of either case', async (kind, header) => {
  const scheme = schemeOf(sourceOf(kind));
  const now = Date.now();
  const sent = senderOf(kind).headers(body, now);
  const good = sent[header] ?? '';
  const prefix = good.slice(0, -64);
  const upper = `${prefix}${good.slice(-64).toUpperCase()}`;
  const wrong = `${prefix}${'0'.repeat(64)}`;
  const verified = async (value: string) => {
    const headers = { ...sent, [header]: value };
    return { signed: scheme.isSigned(headers), verified: await scheme.verify({ headers, body }, now) };
  };
  for (const value of [good, upper, `${wrong}, ${good}`, `${good},${wrong}`, `${wrong} ${upper}`])
    expect(await verified(value), value).toEqual({ signed: true, verified: true });
  for (const value of [wrong, `${wrong},${wrong}`, `${`${wrong},`.repeat(10)}${good}`])
    expect(await verified(value), value).toEqual({ signed: true, verified: false });
  for (const value of [`${good}0`, `x${good}`, good.slice(0, -1), '', prefix])
    expect(await verified(value), value).toEqual({ signed: false, verified: false });
});
