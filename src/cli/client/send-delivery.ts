import { randomUUID } from 'node:crypto';
import { hmacOf } from '../../providers/credential.js';
import { UserError } from '../user-error.js';
import type { Api } from './api.js';
import { request } from './api.js';
import { knownSource } from './known-source.js';

/** The receiver's answer to a delivery. */
export interface Answer {
  readonly status: number;
  readonly body: {
    readonly delivery?: string;
    readonly event?: string;
    readonly duplicate?: boolean;
    readonly ignored?: string;
    readonly error?: string;
    readonly verdicts?: readonly { automation: string; outcome: string; because: string; run?: string }[];
    readonly runs?: readonly string[];
  };
}

/** Signs a body as GitHub does and sends it as a webhook, byte for byte. Throws {@link UserError}. */
export async function sendDelivery(
  api: Api,
  delivery: { source: string; event: string; body: string | Buffer; id?: string },
): Promise<Answer> {
  const source = knownSource(api.config, delivery.source);
  if (source.kind !== 'github') {
    throw new UserError(
      `Source "${delivery.source}" is of kind ${source.kind}; what is sent from here is signed as GitHub does`,
    );
  }
  const secret = source.secrets[0]?.reveal() ?? '';
  const { status, json } = await request(`${api.url}/webhooks/${delivery.source}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'hookyard-send',
      'x-github-event': delivery.event,
      'x-github-delivery': delivery.id ?? randomUUID(),
      'x-hub-signature-256': `sha256=${hmacOf(secret, { algorithm: 'sha256', encoding: 'hex' }, delivery.body)}`,
    },
    body: delivery.body,
  });
  return { status, body: json as Answer['body'] };
}
