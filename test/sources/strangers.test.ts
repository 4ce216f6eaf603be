import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import type { Source } from '../../src/config/config.js';
import { Secret } from '../../src/config/secret.js';
import { sourceSchema } from '../../src/config/source-schema.js';
import { sourceKind } from '../../src/server/sources/kinds.js';

/** One secret for all: the scheme alone must keep them apart. */
const SECRET = `whsec_${Buffer.from('one secret of thirty-two bytes!!').toString('base64')}`;
const NOW = Date.parse('2026-11-24T08:00:00Z');
const time = String(NOW / 1000);
const body = Buffer.from('{"id":"evt_1","type":"x","ref":"refs/heads/main"}');
const hmac = (encoding: 'hex' | 'base64', ...parts: (string | Buffer)[]) => {
  const made = createHmac('sha256', SECRET);
  for (const part of parts) made.update(part);
  return made.digest(encoding);
};
const standard = {
  'webhook-id': 'm',
  'webhook-timestamp': time,
  'webhook-signature': new Webhook(SECRET).sign('m', new Date(NOW), body.toString()),
};

/** What each provider's sender puts beside a body when it has the secret. */
const senders: Record<Source['kind'], Record<string, string>> = {
  github: { 'x-hub-signature-256': `sha256=${hmac('hex', body)}`, 'x-github-event': 'push', 'x-github-delivery': 'd' },
  gitlab: { ...standard, 'x-gitlab-event': 'Push Hook' },
  gitea: { 'x-gitea-signature': hmac('hex', body), 'x-gitea-event': 'push', 'x-gitea-delivery': 'd' },
  forgejo: { 'x-forgejo-signature': hmac('hex', body), 'x-forgejo-event': 'push', 'x-forgejo-delivery': 'd' },
  gogs: { 'x-gogs-signature': hmac('hex', body), 'x-gogs-event': 'push', 'x-gogs-delivery': 'd' },
  'standard-webhooks': standard,
  stripe: { 'stripe-signature': `t=${time},v1=${hmac('hex', `${time}.`, body)}` },
  slack: { 'x-slack-request-timestamp': time, 'x-slack-signature': `v0=${hmac('hex', `v0:${time}:`, body)}` },
  shopify: { 'x-shopify-hmac-sha256': hmac('base64', body), 'x-shopify-topic': 'x', 'x-shopify-webhook-id': 'd' },
  hmac: { 'x-own-signature': hmac('hex', body) },
  basic: { authorization: `Basic ${Buffer.from(`me:${SECRET}`).toString('base64')}` },
  token: { 'x-own-token': SECRET },
};
const settings: Partial<Record<Source['kind'], object>> = {
  gitea: { url: 'https://git.example' },
  forgejo: { url: 'https://git.example' },
  gogs: { url: 'https://git.example' },
  hmac: { header: 'X-Own-Signature' },
  basic: { username: 'me' },
  token: { header: 'X-Own-Token' },
};
const kinds = Object.keys(senders) as Source['kind'][];
const endpoint = (kind: Source['kind']) => {
  const parsed = sourceSchema.parse({ kind, secrets: [{ env: 'X' }], ...settings[kind] });
  return sourceKind({ ...parsed, secrets: [new Secret(SECRET)] } as Source);
};
/** GitLab signs as Standard Webhooks says: there the event's name keeps them apart. */
const sameScheme = (a: string, b: string) => [a, b].every((kind) => kind === 'gitlab' || kind === 'standard-webhooks');

test.each(kinds)('what is signed as %s does is accepted there, and at no other kind of source', async (sender) => {
  for (const kind of kinds) {
    const { isSigned, verify } = endpoint(kind);
    const headers = { 'content-type': 'application/json', ...senders[sender] };
    const accepted = isSigned(headers) && (await verify({ headers, body }, NOW));
    expect(accepted, `${sender} at ${kind}`).toBe(kind === sender || sameScheme(kind, sender));
  }
});

test('a Standard Webhooks delivery at a GitLab source is refused for want of its event header', () => {
  const headers = { 'content-type': 'application/json', ...senders['standard-webhooks'] };
  expect(() => endpoint('gitlab').eventName({ headers, body, payload: {} })).toThrow('x-gitlab-event is missing');
});
