import { expect, test } from 'vitest';
import { schemeOf } from '../../src/providers/known-sources.js';
import { kinds, senderOf, sourceOf } from './senders.js';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const body = Buffer.from('{"id":"evt_1","type":"x","ref":"refs/heads/main"}');
const json = { 'content-type': 'application/json' };

/** GitLab signs as Standard Webhooks says, both Bitbuckets sign alike: there the other headers keep them apart. */
const families = [
  ['gitlab', 'standard-webhooks'],
  ['bitbucket-cloud', 'bitbucket-data-center'],
];
const sameScheme = (a: string, b: string) => families.some((kinds) => kinds.includes(a) && kinds.includes(b));

test.each(kinds)('what is signed as %s does is accepted there, and at no other kind of source', async (sender) => {
  for (const kind of kinds) {
    const { isSigned, verify } = schemeOf(sourceOf(kind));
    const headers = { ...json, ...senderOf(sender).headers(body, NOW) };
    const accepted = isSigned(headers) && (await verify({ headers, body }, NOW));
    expect(accepted, `${sender} at ${kind}`).toBe(kind === sender || sameScheme(kind, sender));
  }
});

test('a Standard Webhooks delivery at a GitLab source is refused for want of its event header', () => {
  const headers = { ...json, ...senderOf('standard-webhooks').headers(body, NOW) };
  expect(() => schemeOf(sourceOf('gitlab')).eventName({ headers, body, payload: {} })).toThrow(
    'x-gitlab-event is missing',
  );
});

test.each(kinds)('a delivery of %s without an id of its sender is one of its own, and not lost', (kind) => {
  const { deliveryKey } = schemeOf(sourceOf(kind));
  // Of these the id is signed too.
  if (kind === 'standard-webhooks') return;
  const headers = { ...json, ...senderOf(kind).headers(body, NOW) };
  const ids = /(?:-delivery|-request-u?u?id|webhook-id|idempotency-key)$/;
  const without = Object.fromEntries(Object.entries(headers).filter(([name]) => !ids.test(name)));
  const key = deliveryKey({ headers: without, body: Buffer.from('{}'), payload: {} });
  // What signs its time has bytes that no other has.
  expect(key ?? 'none').toMatch(kind === 'stripe' || kind === 'slack' ? /^sha256-/ : /^none$/);
});

test.each([
  ['github', 'x-github-delivery'],
  ['gitea', 'x-gitea-delivery'],
  ['forgejo', 'x-forgejo-delivery'],
  ['gogs', 'x-gogs-delivery'],
  ['gitlab', 'idempotency-key'],
  ['bitbucket-cloud', 'x-request-uuid'],
  ['bitbucket-data-center', 'x-request-id'],
  ['shopify', 'x-shopify-webhook-id'],
] as const)('an odd id of %s still tells its deliveries apart', (kind, header) => {
  const { deliveryKey } = schemeOf(sourceOf(kind));
  const keyOf = (id: string) => deliveryKey({ headers: { [header]: id }, body, payload: {} });
  expect(keyOf('as-usual')).toBe('as-usual');
  expect(keyOf('a b')).toBe('a b');
  for (const odd of ['k'.repeat(201), 'k\u00e9y', 'a\nb']) {
    expect(keyOf(odd)).toMatch(/^sha256-[0-9a-f]{64}$/);
    expect(keyOf(odd)).toBe(keyOf(odd));
  }
  expect(keyOf('a\nb')).not.toBe(keyOf('a\nc'));
});
