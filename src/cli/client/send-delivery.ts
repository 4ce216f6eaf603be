import { randomUUID } from 'node:crypto';
import { Webhooks } from '@octokit/webhooks';
import { UserError } from '../user-error.js';
import type { Api } from './api.js';
import { request } from './api.js';

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

/** Signs a body as GitHub does and sends it as a webhook. */
export async function sendDelivery(
  api: Api,
  delivery: { source: string; event: string; body: string; id?: string },
): Promise<Answer> {
  const { sources } = api.config;
  const source = Object.hasOwn(sources, delivery.source) ? sources[delivery.source] : undefined;
  if (!source) {
    throw new UserError(
      `There is no source "${delivery.source}"; configured: ${Object.keys(api.config.sources).join(', ')}`,
    );
  }
  if (source.kind !== 'github') {
    throw new UserError(
      `Source "${delivery.source}" is of kind ${source.kind}; what is sent from here is signed as GitHub does`,
    );
  }
  const secret = source.secrets[0]?.reveal() ?? '';
  const answer = await request(`${api.url}/webhooks/${delivery.source}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'hookyard-send',
      'x-github-event': delivery.event,
      'x-github-delivery': delivery.id ?? randomUUID(),
      'x-hub-signature-256': await new Webhooks({ secret }).sign(delivery.body),
    },
    body: delivery.body,
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}
