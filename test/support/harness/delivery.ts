import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { SECRET } from './receiver-config.js';

export function sign(body: string | Buffer, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Answer;
}

/** What the receiver says, to a webhook and to others. */
export interface Answer {
  readonly delivery?: string;
  readonly event?: string;
  readonly ignored?: string;
  readonly duplicate?: boolean;
  readonly repeats?: string;
  readonly error?: string;
  readonly runs?: readonly string[];
  readonly verdicts?: readonly {
    readonly automation: string;
    readonly outcome: string;
    readonly because: string;
    readonly run?: string;
  }[];
}

export interface Delivery {
  readonly event?: string;
  readonly body: string | Buffer;
  readonly id?: string;
  readonly source?: string;
  readonly secret?: string;
  /** Replaces headers; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** The headers that GitHub sends. */
export function headersOf({ event = 'push', body, id = randomUUID(), secret = SECRET, headers = {} }: Delivery) {
  const all = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-event': event,
    'x-github-delivery': id,
    'x-github-hook-id': '292430182',
    'x-hub-signature-256': sign(body, secret),
    ...headers,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Sends a webhook as GitHub does. */
export async function deliver(url: string, delivery: Delivery): Promise<Sent> {
  const response = await fetch(`${url}/webhooks/${delivery.source ?? 'github'}`, {
    method: 'POST',
    headers: headersOf(delivery),
    body: typeof delivery.body === 'string' ? delivery.body : new Uint8Array(delivery.body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Answer };
}

export interface Example {
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Recorded payloads of every event that GitHub sends. */
export const examples: readonly Example[] = (
  createRequire(import.meta.url)('@octokit/webhooks-examples') as { name: string; examples: Example['payload'][] }[]
).flatMap(({ name, examples: payloads }) => payloads.map((payload) => ({ event: name, payload })));
