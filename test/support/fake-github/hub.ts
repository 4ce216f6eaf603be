import { createHmac, randomUUID } from 'node:crypto';
import { type LocalServer, type Received, type Reply, startServer } from '../harness/http-server.js';

/** One try to deliver, as GitHub lists it. */
export interface Attempt {
  readonly id: number;
  readonly guid: string;
  readonly delivered_at: string;
  readonly redelivery: boolean;
  readonly duration: number;
  readonly status: string;
  readonly status_code: number;
  readonly event: string;
  readonly action: string | null;
}

export interface Hook {
  /** `/repos/acme/shop/hooks/7`, `/orgs/acme/hooks/8`, `/app/hook` */
  readonly path: string;
  /** Newest first. */
  readonly attempts: Attempt[];
  /** GitHub tells somebody something; answers the GUID. `at`: when, by its own clock. */
  deliver(event: string, payload: object, at?: Date): Promise<string>;
}

export interface Hub extends LocalServer {
  /** How many attempts it gives on a page, whatever it is asked for. */
  perPage: number;
  /** How many requests for a redelivery it answers with 429 before it takes one. */
  limited: number;
  /** Called with each redelivery before it is done. */
  onRedelivery: (guid: string) => void | Promise<void>;
  addHook(path: string, url: string): Hook;
  redeliveries(): number;
  /** Addresses that the token may not ask for. */
  readonly forbidden: Set<string>;
}

/**
 * GitHub's lists of deliveries, and its redeliveries, which really send again: signed, under the same GUID. Knows hooks
 * of repositories, organisations and one app, which is installed everywhere.
 */
export async function startHub({
  authorised,
  secret,
}: {
  authorised: (path: string, authorization: string) => boolean;
  secret: string;
}): Promise<Hub> {
  const hooks = new Map<string, Hook & { readonly url: string; readonly sent: Map<string, [string, string]> }>();
  const forbidden = new Set<string>();
  let number = 1_000;
  let redelivered = 0;
  const state = { perPage: 100, limited: 0, onRedelivery: (() => undefined) as Hub['onRedelivery'] };

  async function attempt(
    url: string,
    [event, body]: [string, string],
    about: { guid: string; at: Date; again: boolean },
  ) {
    const status = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/044aadd',
        'x-github-event': event,
        'x-github-delivery': about.guid,
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
    }).then(
      (answer) => answer.status,
      () => 0,
    );
    number += 1;
    const made: Attempt = {
      id: number,
      guid: about.guid,
      delivered_at: about.at.toISOString(),
      redelivery: about.again,
      duration: 0.1,
      status: status >= 200 && status < 300 ? 'OK' : 'failed to connect to host',
      status_code: status,
      event,
      action: null,
    };
    return made;
  }

  async function answer(request: Received): Promise<Reply> {
    const { method, path, query, headers } = request;
    if (!authorised(path, headers.authorization ?? '')) return { status: 401, body: { message: 'Bad credentials' } };
    if (forbidden.has(path)) return { status: 403, body: { message: 'Resource not accessible' } };
    if (method === 'GET' && path === '/app/hook/config') {
      const hook = hooks.get('/app/hook');
      return hook ? { status: 200, body: { url: hook.url, content_type: 'json' } } : { status: 404, body: {} };
    }
    if (method === 'GET' && /^\/repos\/[^/]+\/[^/]+\/installation$/.test(path)) return { status: 200, body: { id: 1 } };
    if (method === 'POST' && path === '/app/installations/1/access_tokens') {
      const expires_at = new Date(Date.now() + 3_600_000).toISOString();
      return { status: 201, body: { token: 'canary-installation-token', expires_at } };
    }
    if (method === 'GET' && path.endsWith('/hooks')) {
      const found = [...hooks.values()].filter((hook) => hook.path.startsWith(`${path}/`));
      return { status: 200, body: found.map(listed) };
    }
    const [, at, id] = /^(.*)\/deliveries(?:\/(\d+)\/attempts)?$/.exec(path) ?? [];
    const hook = hooks.get(at ?? '');
    if (!hook) return { status: 404, body: { message: `no ${path}` } };
    if (method === 'GET' && id === undefined) return page(hook, query);
    if (method === 'POST' && id !== undefined) return again(hook, Number(id));
    return { status: 404, body: { message: `no ${method} ${path}` } };
  }

  function page(hook: Hook, query: URLSearchParams): Reply {
    if (Number(query.get('per_page')) !== 100) return { status: 422, body: { message: 'per_page' } };
    const cursor = query.get('cursor');
    const begin = cursor === null ? 0 : hook.attempts.findIndex(({ id }) => `v1_${id}` === cursor);
    if (begin < 0) return { status: 422, body: { message: 'cursor' } };
    const shown = hook.attempts.slice(begin, begin + state.perPage);
    const next = hook.attempts[begin + state.perPage];
    const link = `<${server.url}${hook.path}/deliveries?per_page=100&cursor=v1_${next?.id}>; rel="next"`;
    return { status: 200, body: shown, ...(next && { headers: { link } }) };
  }

  async function again(hook: Hook & { url: string; sent: Map<string, [string, string]> }, id: number): Promise<Reply> {
    const old = hook.attempts.find((one) => one.id === id);
    if (!old) return { status: 404, body: { message: 'no such delivery' } };
    if (state.limited > 0) {
      state.limited -= 1;
      return { status: 429, headers: { 'retry-after': '1' }, body: { message: 'slow down' } };
    }
    redelivered += 1;
    await state.onRedelivery(old.guid);
    const sent = hook.sent.get(old.guid) as [string, string];
    hook.attempts.unshift(await attempt(hook.url, sent, { guid: old.guid, at: new Date(), again: true }));
    return { status: 202, body: {} };
  }

  const server = await startServer(answer);
  return Object.assign(state, {
    ...server,
    forbidden,
    redeliveries: () => redelivered,
    addHook(path: string, url: string): Hook {
      const hook = {
        path,
        url,
        attempts: [] as Attempt[],
        sent: new Map<string, [string, string]>(),
        async deliver(event: string, payload: object, at = new Date()) {
          const guid = randomUUID();
          const sent: [string, string] = [event, JSON.stringify(payload)];
          hook.sent.set(guid, sent);
          hook.attempts.unshift(await attempt(url, sent, { guid, at, again: false }));
          return guid;
        },
      };
      hooks.set(path, hook);
      return hook;
    },
  });
}

function listed({ path, url }: { path: string; url: string }) {
  return {
    id: Number(path.split('/').at(-1)),
    active: true,
    events: ['push'],
    config: { url, content_type: 'json' },
    last_response: { code: null, message: null },
  };
}
