import { expect, test } from 'vitest';
import type { Sender } from '../../../src/intake/delivery.js';
import { createLargeBodyReader, type ReaderLimits } from '../../../src/intake/large-bodies/reader.js';
import { understand } from '../../../src/intake/understand.js';
import { toKnownSource } from '../../../src/providers/known-sources.js';
import { type RawDelivery, rawDelivery } from '../../../src/providers/webhook-scheme.js';
import { kinds, senderOf, sourceOf } from '../../providers/senders.js';
import { pushPayload } from '../../support/harness/payloads.js';

const inbox = { repeatedBodyHours: 24 };
const sources = Object.fromEntries(kinds.map((kind) => [kind, toKnownSource(sourceOf(kind))]));
const readerOf = (limits: Partial<ReaderLimits> = {}) => createLargeBodyReader({ sources, inbox, limits });
const reader = readerOf();
const senderFor = (kind: string, headers: Record<string, string>): Sender => {
  const known = sources[kind];
  if (!known) throw new Error(`no source ${kind}`);
  return { ...known, name: kind, headers };
};
const github = senderFor('github', { 'x-github-event': 'push', 'x-github-delivery': 'd-1' });
/** As the receiver reads it: in memory that may grow. */
const received = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const memory = new ArrayBuffer(bytes.length + 100, { maxByteLength: bytes.length + 1_000 });
  bytes.copy(Buffer.from(memory));
  return Buffer.from(memory, 0, bytes.length);
};
const request = (text: string, more: Partial<RawDelivery> = {}) => ({
  raw: rawDelivery({ headers: github.headers, body: received(text), ...more }),
  receivedAt: 1_700_000_000_000,
});

test.each(kinds)('a thread that has no secrets reads a delivery of %s as the receiver itself does', async (kind) => {
  const body = Buffer.from(JSON.stringify({ ...pushPayload(), id: 'evt_1', type: 'made' }));
  const headers = senderOf(kind).headers(body, Date.now());
  const sender = senderFor(kind, headers);
  const of = (bytes: Buffer) => ({ raw: rawDelivery({ headers, body: bytes }), receivedAt: 1_700_000_000_000 });
  const here = understand(sender, of(Buffer.from(body)), inbox);
  const there = await reader.read(sender, of(received(body.toString())));
  if (here.kind !== 'read' || there.kind !== 'read') {
    expect(there).toMatchObject({ kind: here.kind, because: (here as { because?: string }).because });
    return;
  }
  expect(Buffer.from(there.delivery.body).equals(body)).toBe(true);
  // A request without an id has one that is made for it.
  const id = here.delivery.key.startsWith('request-') ? { id: expect.any(String), key: expect.any(String) } : {};
  expect(there.delivery).toEqual({ ...here.delivery, ...id });
  if ('key' in id) return;
  expect(there.reading).toEqual(here.reading);
});

test('a body at the beginning of memory that it shares, as small buffers of Node do, leaves the others theirs', async () => {
  const text = JSON.stringify({ ref: 'refs/heads/main' });
  const memory = new ArrayBuffer(1_000);
  const [body, other] = [Buffer.from(memory, 0, text.length), Buffer.from(memory, 900, 5)];
  body.write(text);
  other.write('other');
  const understood = await reader.read(github, request('', { body }));
  expect('delivery' in understood && understood.delivery.body.toString()).toBe(text);
  expect(other.toString()).toBe('other');
});

test('a large body that is no JSON is kept as it is', async () => {
  const text = 'no JSON '.repeat(30_000);
  const understood = await reader.read(github, request(text));
  expect(understood).toMatchObject({ kind: 'unreadable', because: 'the body is not valid JSON' });
  expect('delivery' in understood && understood.delivery.body.toString()).toBe(text);
});

test('a body of more values than its source may send is not parsed', async () => {
  const brackets = `[${'[],'.repeat(600_000)}[]]`;
  expect(await reader.read(github, request(brackets))).toEqual({
    kind: 'too large',
    because: expect.stringMatching(/more than 1000000 values; .* raise sources\.github\.maxValues/),
  });
});

test('a body that takes too long or too much memory is refused, and the next one read', async () => {
  const keys = `{${Array.from({ length: 400_000 }, (_, n) => `"k${n}":{}`)}}`;
  const small = JSON.stringify(pushPayload());
  const hasty = readerOf({ deadlineMs: 1 });
  expect(await hasty.read(github, request(keys))).toMatchObject({
    kind: 'too large',
    because: expect.stringContaining('longer than'),
  });
  // A thread that has hardly any memory left is slow: on a busy machine it needs long to run out of it.
  const narrow = readerOf({ memoryMb: 40, deadlineMs: 120_000 });
  const [refused, next] = await Promise.all([narrow.read(github, request(keys)), narrow.read(github, request(small))]);
  expect(refused).toMatchObject({ kind: 'too large', because: expect.stringContaining('memory') });
  expect(next).toMatchObject({ kind: 'read', reading: { events: [{ kind: 'push' }] } });
}, 180_000);
