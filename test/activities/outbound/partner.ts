import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSendWebhook } from '../../../src/activities/outbound/send-webhook.js';
import { Secret } from '../../../src/secrets/secret.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { type ActivityRun, activity, depsOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { tempFolder } from '../../support/temp-folder.js';

const whsec = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
export const NEW = whsec('canary new secret of 32 bytes ..');
export const OLD = whsec('canary old secret of 32 bytes ..');
const VALUES = {
  HOOK: 'x',
  NEW,
  OLD,
  BARE: NEW.slice('whsec_'.length),
  BAD: 'whsec_canary!%%%',
  SHORT: whsec('canary'),
  AUTHORIZATION: 'Bearer canary-0123456789',
};

export const MESSAGE = {
  endpoint: 'partner',
  id: 'msg_1',
  type: 'push.built',
  timestamp: '2026-11-24T08:00:00.000Z',
  data: { ok: true } as unknown,
};

/** What a sender is made from: the endpoint's configuration, and names of the secrets above. */
export interface SenderOptions {
  readonly url?: string;
  readonly headers?: Record<string, string | { readonly env: keyof typeof VALUES | 'UNSET'; readonly optional?: true }>;
  readonly allowPrivate?: boolean;
  readonly secrets?: readonly (keyof typeof VALUES | 'UNSET')[];
  /** Of one secret: this one has replaced it, and both count. */
  readonly replacedBy?: string;
  readonly deadlineMs?: number;
  readonly store?: Store;
}

export interface Sender {
  (change?: Partial<typeof MESSAGE>, attempt?: number): Promise<{ status: number; attempts: number }>;
  /** In surroundings of the caller's: for cancelling. */
  within(run: ActivityRun): Promise<{ status: number; attempts: number }>;
  /** Lines of the log. */
  readonly lines: string[];
}

export interface Partner {
  readonly url: string;
  readonly store: Store;
  readonly received: { readonly headers: IncomingMessage['headers']; readonly body: string; readonly path: string }[];
  /** 204 unless set. */
  answer: (req: IncomingMessage, res: ServerResponse) => void;
  sender(options?: SenderOptions): Sender;
  /** As at the beginning: nothing received, nothing noted, 204. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Somebody who receives our webhooks: a real HTTP server; with a real store for what we note of it. */
export async function startPartner(): Promise<Partner> {
  const folder = await tempFolder('outbound');
  const store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
  const received: Partner['received'] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    received.push({ headers: req.headers, body, path: req.url ?? '' });
    partner.answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const accept: Partner['answer'] = (_, res) => res.writeHead(204).end();
  const partner: Partner = {
    url,
    store,
    received,
    answer: accept,
    sender: (options = {}) => senderOf({ url, store, ...options }),
    reset: async () => {
      received.length = 0;
      partner.answer = accept;
      await store.attempts.prune({ before: Number.MAX_SAFE_INTEGER, limit: 1_000 });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
    },
  };
  return partner;
}

function senderOf({
  url,
  headers = {},
  allowPrivate = true,
  secrets = ['NEW', 'OLD'],
  replacedBy,
  deadlineMs,
  store,
}: SenderOptions & { url: string; store: Store }): Sender {
  const isText = ([, value]: [string, unknown]) => typeof value === 'string';
  const texts = Object.fromEntries(Object.entries(headers).filter(isText)) as Record<string, string>;
  const references = Object.fromEntries(Object.entries(headers).filter((header) => !isText(header)));
  const config = configOf(
    {
      sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } },
      endpoints: { partner: { url, headers: references, allowPrivate, secrets: secrets.map((env) => ({ env })) } },
    },
    VALUES,
  );
  const { partner } = config.endpoints;
  // A configuration takes no header that can't be sent: what is not loaded is refused once more when it is sent.
  if (partner) partner.headers = { ...texts, ...partner.headers };
  // As loading does it: lists lose what is unset.
  if (partner) partner.secrets = partner.secrets.filter((secret) => secret !== undefined);
  if (partner && replacedBy !== undefined)
    partner.secrets = partner.secrets.map((secret) => new Secret(() => [replacedBy, secret.reveal()]));
  const deps = depsOf(config);
  const send = createSendWebhook({ ...deps, store }, { ...(deadlineMs !== undefined && { deadlineMs }) });
  return Object.assign(
    (change: Partial<typeof MESSAGE> = {}, attempt = 1) => activity({ attempt }).run(send, { ...MESSAGE, ...change }),
    { within: (run: ActivityRun) => run.run(send, MESSAGE), lines: deps.lines },
  );
}
