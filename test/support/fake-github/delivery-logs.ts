import { randomUUID } from 'node:crypto';
import type { Answer } from '../harness/http-server.js';
import type { Route } from './route.js';
import { sendWebhook } from './webhook.js';

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

/** A hook of a repository, of an organisation or of an app, whose deliveries GitHub keeps a list of. */
export interface LoggedHook {
  /** `/repos/acme/shop/hooks/7`, `/orgs/acme/hooks/8`, `/app/hook` */
  readonly path: string;
  readonly url: string;
  /** Newest first. */
  readonly attempts: Attempt[];
  /** GitHub sends an event; resolves with the GUID. `at`: when, by its own clock. */
  deliver(event: string, payload: object, at?: Date): Promise<string>;
}

export interface FakeLogs {
  /** By path. */
  readonly logged: Map<string, LoggedHook>;
  /** How many attempts are on a page, whatever is asked for. */
  perPage: number;
  /** How many requests for a redelivery are answered with 429 before one is taken. */
  limited: number;
  /** How many redeliveries were done. */
  redelivered: number;
  /** Called with each redelivery before it is done. */
  onRedelivery: (guid: string) => void | Promise<void>;
}

interface Sent {
  readonly event: string;
  readonly body: string;
  readonly secret: string;
}

const sent = new WeakMap<LoggedHook, Map<string, Sent>>();
let lastId = 1_000;

/** Adds a hook that leads to an address, or replaces the one of the same path. */
export function addHook({ logged }: FakeLogs, path: string, url: string, secret: string): LoggedHook {
  const bodies = new Map<string, Sent>();
  const hook: LoggedHook = {
    path,
    url,
    attempts: [],
    async deliver(event, payload, at = new Date()) {
      const guid = randomUUID();
      bodies.set(guid, { event, body: JSON.stringify(payload), secret });
      await attempt(hook, guid, { at, redelivery: false });
      return guid;
    },
  };
  sent.set(hook, bodies);
  logged.set(path, hook);
  return hook;
}

/** Lists hooks' deliveries, and sends them again: signed, under the same GUID. `url`: of the fake. */
export function deliveryLogs(state: FakeLogs, url: () => string): Route {
  return ({ method, path, query, asked }) => {
    if (asked === 'GET /app/hook/config') {
      const hook = state.logged.get('/app/hook');
      return hook && { status: 200, body: { url: hook.url, content_type: 'json' } };
    }
    const [, at = '', id] = /^(.*)\/deliveries(?:\/(\d+)\/attempts)?$/.exec(path) ?? [];
    const hook = state.logged.get(at);
    if (!hook) return undefined;
    if (method === 'GET' && id === undefined) return page(hook, query);
    if (method === 'POST' && id !== undefined) return again(hook, Number(id));
    return undefined;
  };

  function page({ path, attempts }: LoggedHook, query: URLSearchParams): Answer {
    if (Number(query.get('per_page')) !== 100) return { status: 422, body: { message: 'per_page' } };
    const cursor = query.get('cursor');
    const begin = cursor === null ? 0 : attempts.findIndex(({ id }) => `v1_${id}` === cursor);
    if (begin < 0) return { status: 422, body: { message: 'cursor' } };
    const next = attempts[begin + state.perPage];
    const link = `<${url()}${path}/deliveries?per_page=100&cursor=v1_${next?.id}>; rel="next"`;
    const body = attempts.slice(begin, begin + state.perPage);
    return { status: 200, body, ...(next && { headers: { link } }) };
  }

  async function again(hook: LoggedHook, id: number): Promise<Answer> {
    const old = hook.attempts.find((one) => one.id === id);
    if (!old) return { status: 404, body: { message: 'no such delivery' } };
    if (state.limited > 0) {
      state.limited -= 1;
      return { status: 429, headers: { 'retry-after': '1' }, body: { message: 'slow down' } };
    }
    state.redelivered += 1;
    await state.onRedelivery(old.guid);
    await attempt(hook, old.guid, { at: new Date(), redelivery: true });
    return { status: 202, body: {} };
  }
}

/** Returns the hooks whose path is below one, as GitHub lists them. */
export function listed({ logged }: FakeLogs, path: string): readonly object[] {
  return [...logged.values()]
    .filter((hook) => hook.path.startsWith(`${path}/`))
    .map((hook) => ({
      id: Number(hook.path.split('/').at(-1)),
      active: true,
      events: ['push'],
      config: { url: hook.url, content_type: 'json' },
      last_response: { code: null, message: null },
    }));
}

async function attempt(hook: LoggedHook, guid: string, about: { at: Date; redelivery: boolean }): Promise<void> {
  const what = sent.get(hook)?.get(guid);
  if (!what) throw new Error(`nothing was sent as ${guid}`);
  const status = await sendWebhook(hook.url, { ...what, guid });
  lastId += 1;
  hook.attempts.unshift({
    id: lastId,
    guid,
    delivered_at: about.at.toISOString(),
    redelivery: about.redelivery,
    duration: 0.1,
    status: status >= 200 && status < 300 ? 'OK' : 'failed to connect to host',
    status_code: status,
    event: what.event,
    action: null,
  });
}
