import { createHmac, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { sourceSchema } from '../../src/providers/index.js';
import type { Source } from '../../src/providers/source.js';
import { Secret } from '../../src/secrets/secret.js';

/** One secret for all: the scheme alone must keep them apart. */
export const SECRET = `whsec_${Buffer.from('one secret of thirty-two bytes!!').toString('base64')}`;

type Kind = Source['kind'];

const settings: Partial<Record<Kind, object>> = {
  gitea: { url: 'https://git.example' },
  forgejo: { url: 'https://git.example' },
  gogs: { url: 'https://git.example' },
  'bitbucket-data-center': { url: 'https://git.example' },
  'azure-devops': { url: 'https://dev.azure.example/acme' },
  hmac: { header: 'X-Own-Signature' },
  basic: { username: 'me' },
  token: { header: 'X-Own-Token' },
};

/** A source of a kind, as the configuration gives it, with the one secret. */
export function sourceOf(kind: Kind): Source {
  const parsed = sourceSchema.parse({ kind, secrets: [{ env: 'X' }], ...settings[kind] });
  return { ...parsed, secrets: [new Secret(SECRET)] } as Source;
}

/** What each provider's sender, who has the secret, puts beside a body. */
export const senders: Record<Kind, (body: Buffer, now: number, event?: string) => Record<string, string>> = {
  github: (body, _, event = 'push') => ({
    'x-hub-signature-256': `sha256=${hmac('hex', body)}`,
    'x-github-event': event,
    'x-github-delivery': randomUUID(),
  }),
  gitlab: (body, now, event = 'Push Hook') => ({ ...standard(body, now), 'x-gitlab-event': event }),
  gitea: giteaLike('x-gitea'),
  forgejo: giteaLike('x-forgejo'),
  gogs: giteaLike('x-gogs'),
  'bitbucket-cloud': bitbucket('x-request-uuid', 'repo:push'),
  'bitbucket-data-center': bitbucket('x-request-id', 'repo:refs_changed'),
  'azure-devops': () => ({ authorization: `Basic ${Buffer.from(`hookyard:${SECRET}`).toString('base64')}` }),
  'standard-webhooks': standard,
  stripe: (body, now) => ({ 'stripe-signature': `t=${seconds(now)},v1=${hmac('hex', `${seconds(now)}.`, body)}` }),
  slack: (body, now) => ({
    'x-slack-request-timestamp': seconds(now),
    'x-slack-signature': `v0=${hmac('hex', `v0:${seconds(now)}:`, body)}`,
  }),
  shopify: (body, _, event = 'x') => ({
    'x-shopify-hmac-sha256': hmac('base64', body),
    'x-shopify-topic': event,
    'x-shopify-webhook-id': randomUUID(),
  }),
  hmac: (body) => ({ 'x-own-signature': hmac('hex', body) }),
  basic: () => ({ authorization: `Basic ${Buffer.from(`me:${SECRET}`).toString('base64')}` }),
  token: () => ({ 'x-own-token': SECRET }),
};

export const kinds = Object.keys(senders) as Kind[];

function giteaLike(prefix: string) {
  return (body: Buffer, _: number, event = 'push') => ({
    [`${prefix}-signature`]: hmac('hex', body),
    [`${prefix}-event`]: event,
    [`${prefix}-delivery`]: randomUUID(),
  });
}

function bitbucket(keyHeader: string, usual: string) {
  return (body: Buffer, _: number, event = usual) => ({
    'x-hub-signature': `sha256=${hmac('hex', body)}`,
    'x-event-key': event,
    [keyHeader]: randomUUID(),
  });
}

function standard(body: Buffer, now: number): Record<string, string> {
  const id = randomUUID();
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds(now),
    'webhook-signature': new Webhook(SECRET).sign(id, new Date(now), body.toString()),
  };
}

function seconds(now: number): string {
  return String(Math.floor(now / 1000));
}

function hmac(encoding: 'hex' | 'base64', ...parts: (string | Buffer)[]): string {
  const made = createHmac('sha256', SECRET);
  for (const part of parts) made.update(part);
  return made.digest(encoding);
}
