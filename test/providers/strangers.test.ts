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

test.each([
  ['bitbucket-cloud', 'bitbucket-data-center', 'x-request-id is missing'],
  ['bitbucket-data-center', 'bitbucket-cloud', 'x-request-uuid is missing'],
] as const)('a delivery of %s at a source of %s is refused for want of its id', (sender, kind, because) => {
  const headers = { ...json, ...senderOf(sender).headers(body, NOW) };
  expect(() => schemeOf(sourceOf(kind)).deliveryKey({ headers, body, payload: {} })).toThrow(because);
});
