import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { ProviderKind } from '../../src/providers/source.js';

/** One secret for all: the scheme alone must keep them apart. */
export const SECRET = `whsec_${Buffer.from('one secret of thirty-two bytes!!').toString('base64')}`;

/** How a kind of source sends its deliveries. `test/providers/<folder>/senders.ts` exports those of a product. */
export interface Sender {
  readonly kind: ProviderKind;
  /** What a source of this kind needs beside its secrets. */
  readonly settings?: object;
  /** What a sender who has the secret puts beside a body. `now`: Unix ms. */
  headers(body: Buffer, now: number, event?: string): Record<string, string>;
  /** Bodies that it sends, each with the provider's name for the event where a header holds that. */
  readonly bodies: readonly { readonly event?: string; readonly body: unknown }[];
}

export function hmac(encoding: 'hex' | 'base64', ...parts: (string | Buffer)[]): string {
  const made = createHmac('sha256', SECRET);
  for (const part of parts) made.update(part);
  return made.digest(encoding);
}

/** The headers of Standard Webhooks. */
export function standard(id: string, body: Buffer, now: number): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': new Webhook(SECRET).sign(id, new Date(now), body.toString()),
  };
}

/** Basic credentials, with the secret as the password. */
export function basicOf(username: string): string {
  return `Basic ${Buffer.from(`${username}:${SECRET}`).toString('base64')}`;
}
