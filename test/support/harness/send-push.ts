import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import { pushPayload } from '../../../src/cli/samples/github.js';

export interface Sent {
  readonly id: string;
  /** 0: no answer came. */
  readonly status: number;
  readonly ms: number;
  readonly body: { runs?: string[]; duplicate?: boolean; delivery?: string };
}

export interface LoadOptions {
  /** Asked for each request: the server may come back elsewhere. */
  readonly url: () => string;
  readonly secret: string;
  readonly count: number;
  readonly connections: number;
  readonly source: string;
  readonly branch: string;
  /** Waited for before each request. */
  readonly ready?: () => Promise<unknown> | undefined;
  readonly onSent?: (sent: Sent) => void;
}

/** Sends signed pushes, each with its own id and commit, over a number of connections at once. Each is sent once. */
export async function sendLoad(options: LoadOptions): Promise<Sent[]> {
  const agent = new Agent({ connections: options.connections });
  const sent: Sent[] = [];
  let left = options.count;
  const connection = async () => {
    while (left-- > 0) {
      await options.ready?.();
      const one = await sendPush(options.url(), { ...options, agent });
      sent.push(one);
      options.onSent?.(one);
    }
  };
  await Promise.all(Array.from({ length: options.connections }, connection));
  await agent.close();
  return sent;
}

/** One signed push, or another event with a `body`; the same `id` and `body` again are a repeat. Never rejects: no answer is the status 0. */
export async function sendPush(
  url: string,
  {
    secret,
    branch = 'main',
    agent,
    id = randomUUID(),
    body = push(branch),
    source,
    event = 'push',
    deadlineMs = 120_000,
  }: {
    secret: string;
    source: string;
    /** Of the push that is made up where no `body` is given. */
    branch?: string;
    event?: string;
    agent?: Agent;
    id?: string;
    body?: string;
    /** How long the sender waits for the answer. */
    deadlineMs?: number;
  },
): Promise<Sent> {
  const began = performance.now();
  const headers = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': id,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  try {
    const answer = await request(`${url}/webhooks/${source}`, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(deadlineMs),
      ...(agent && { dispatcher: agent }),
    });
    return {
      id,
      status: answer.statusCode,
      body: (await answer.body.json()) as Sent['body'],
      ms: performance.now() - began,
    };
  } catch {
    return { id, status: 0, body: {}, ms: performance.now() - began };
  }
}

export function push(branch: string, commit = randomBytes(20).toString('hex'), repository = 'acme/app'): string {
  return pushPayload({
    repository,
    ref: `refs/heads/${branch}`,
    before: randomBytes(20).toString('hex'),
    after: commit,
    message: 'Load',
    files: ['a.txt'],
  });
}
