import { describe, expect, it } from 'vitest';
import { schemeOf } from '../../../src/providers/known-sources.js';
import type { Source } from '../../../src/providers/source.js';
import { sourceOf } from '../senders.js';

const KINDS = ['token', 'basic', 'hmac'] as const;
const body = Buffer.from('{}');
const ODD = ['Zahlung bestätigt', '支払い', 'x'.repeat(201), 'a\nb', ''];

describe.each(KINDS)('a source of %s', (kind) => {
  const scheme = (naming: object = {}) => schemeOf({ ...sourceOf(kind), ...naming } as Source);

  it.each(ODD)('calls an event whose type is %j an event, and loses none', (type) => {
    expect(scheme().eventName({ headers: {}, body, payload: { type } })).toBe('event');
    const named = scheme({ typeHeader: 'X-Type' });
    expect(named.eventName({ headers: { 'x-type': type }, body, payload: {} })).toBe('event');
  });

  it('takes a delivery that lacks the header of its type', () => {
    const named = scheme({ typeHeader: 'X-Type' });
    expect(named.eventName({ headers: {}, body, payload: { type: 'paid' } })).toBe('event');
    expect(named.eventName({ headers: { 'x-type': 'paid' }, body, payload: {} })).toBe('paid');
  });

  it('knows ids that are long or in other letters, each by its own hash', () => {
    const named = scheme({ keyHeader: 'X-Id', keyField: 'id' });
    const keyOf = (id: string) => named.deliveryKey({ headers: { 'x-id': id }, body, payload: { id: 'in-the-body' } });
    const ids = ['größe-1', 'größe-2', `${'x'.repeat(300)}1`, `${'x'.repeat(300)}2`];
    const keys = ids.map(keyOf);
    expect(new Set(keys).size).toBe(ids.length);
    for (const key of keys) expect(key).toMatch(/^sha256-[0-9a-f]{64}$/);
    expect(ids.map(keyOf)).toEqual(keys);
    expect([keyOf('plain-id'), keyOf('')]).toEqual(['plain-id', 'in-the-body']);
  });
});

it('calls an event of Standard Webhooks whose type is in other letters an event', () => {
  for (const type of ODD)
    expect(schemeOf(sourceOf('standard-webhooks')).eventName({ headers: {}, body, payload: { type } })).toBe('event');
});
