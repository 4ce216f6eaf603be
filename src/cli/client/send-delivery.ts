import { randomUUID } from 'node:crypto';
import type { Project } from '../../config/project.js';
import { PROVIDERS } from '../../providers/index.js';
import { type Credential, credentialValue, type Signed, type Unsigned } from '../../providers/sign.js';
import type { Source } from '../../providers/source.js';
import type { DeliveryAnswer, ErrorAnswer } from '../../server/api/contract.js';
import { UserError } from '../user-error.js';
import { eventHeaderOf } from './event-header.js';
import { contentTypeOf } from './read-input.js';
import { request } from './request.js';
import { type KeptSecret, sourceOf, webhookSecrets } from './source-secrets.js';

/** A delivery that was sent, with the receiver's answer. */
export interface Sent {
  readonly status: number;
  readonly body: Partial<DeliveryAnswer & ErrorAnswer>;
}

/** What a source is to be sent. */
export interface Outgoing {
  readonly source: string;
  readonly body: Buffer;
  /** The provider's name for the event; needed where a header holds it. */
  readonly event?: string | undefined;
  /** The delivery's id; default: a new one. */
  readonly id?: string | undefined;
}

/** A delivery with everything that its provider puts beside the body, but a secret that is sent as it is. */
export interface Prepared {
  readonly source: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly credential?: Credential;
  readonly secret: KeptSecret;
  /** How long it is accepted, in seconds. Absent where for ever. */
  readonly seconds?: number;
}

/** Signs a body as the source's provider does. Throws {@link UserError} that says what is missing. */
export function prepareDelivery(project: Project, { source: name, body, event, id }: Outgoing): Prepared {
  const source = sourceOf(project, name);
  const header = eventHeaderOf(source);
  if (header && !event)
    throw new UserError(`Deliveries of ${source.kind} name their event in ${header}: say which, hookyard send <event>`);
  const kept = webhookSecrets(project, name);
  const secrets = kept.map(({ secret }) => secret.reveal());
  const signed = signAs(source, { body, eventName: event, id: id ?? randomUUID(), secrets });
  const secret = signed && kept[signed.by];
  if (!signed || !secret)
    throw new UserError(
      `Source "${name}" has only public keys, which verify and can't sign: give it a secret to try it with`,
    );
  const { headers, credential, seconds } = signed;
  return {
    source: name,
    body,
    headers: { 'content-type': contentTypeOf(body), 'user-agent': 'hookyard-send', ...headers },
    secret,
    ...(credential && { credential }),
    ...(seconds !== undefined && { seconds }),
  };
}

function signAs(source: Source, unsigned: Unsigned): Signed | undefined {
  const sign = PROVIDERS[source.kind].sign as (of: Source, what: Unsigned, now: number) => Signed | undefined;
  return sign(source, unsigned, Date.now());
}

/** Sends a delivery as a webhook, byte for byte. Throws {@link UserError}. */
export async function sendDelivery(
  url: string,
  { source, body, headers, credential, secret }: Prepared,
): Promise<Sent> {
  const { status, json } = await request(`${url}/webhooks/${source}`, {
    method: 'POST',
    headers: {
      ...headers,
      ...(credential && { [credential.header]: credentialValue(credential, secret.secret.reveal()) }),
    },
    body: new Uint8Array(body),
  });
  return { status, body: json as Sent['body'] };
}
