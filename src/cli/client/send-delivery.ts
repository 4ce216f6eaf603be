import { randomUUID } from 'node:crypto';
import type { Project } from '../../config/project.js';
import { hmacOf } from '../../providers/hmac-signature.js';
import type { DeliveryAnswer, ErrorAnswer } from '../../server/api/contract.js';
import { UserError } from '../user-error.js';
import { request } from './request.js';
import { sourceOf, webhookSecrets } from './source-secrets.js';

/** A delivery that was sent, with the receiver's answer. */
export interface Sent {
  readonly status: number;
  readonly body: Partial<DeliveryAnswer & ErrorAnswer>;
}

/** Signs a body as GitHub does and sends it as a webhook, byte for byte. Throws {@link UserError}. */
export async function sendDelivery(
  { url, project }: { readonly url: string; readonly project: Project },
  delivery: { source: string; event: string; body: string | Buffer; id?: string },
): Promise<Sent> {
  const source = sourceOf(project, delivery.source);
  if (source.kind !== 'github') {
    throw new UserError(
      `Source "${delivery.source}" is of kind ${source.kind}, but hookyard send signs only as GitHub does: name a source of kind github`,
    );
  }
  const secret = webhookSecrets(project, delivery.source)[0].secret.reveal();
  const { status, json } = await request(`${url}/webhooks/${delivery.source}`, {
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
  return { status, body: json as Sent['body'] };
}
