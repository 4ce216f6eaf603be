import { expect, test } from 'vitest';
import { sourceKind } from '../../src/server/sources/kinds.js';
import { kinds, senders, sourceOf } from './senders.js';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const body = Buffer.from('{"id":"evt_1","type":"x","ref":"refs/heads/main"}');
const json = { 'content-type': 'application/json' };

/** GitLab signs as Standard Webhooks says: there the event's name keeps them apart. */
const sameScheme = (a: string, b: string) => [a, b].every((kind) => kind === 'gitlab' || kind === 'standard-webhooks');

test.each(kinds)('what is signed as %s does is accepted there, and at no other kind of source', async (sender) => {
  for (const kind of kinds) {
    const { isSigned, verify } = sourceKind(sourceOf(kind));
    const headers = { ...json, ...senders[sender](body, NOW) };
    const accepted = isSigned(headers) && (await verify({ headers, body }, NOW));
    expect(accepted, `${sender} at ${kind}`).toBe(kind === sender || sameScheme(kind, sender));
  }
});

test('a Standard Webhooks delivery at a GitLab source is refused for want of its event header', () => {
  const headers = { ...json, ...senders['standard-webhooks'](body, NOW) };
  expect(() => sourceKind(sourceOf('gitlab')).eventName({ headers, body, payload: {} })).toThrow(
    'x-gitlab-event is missing',
  );
});
