import { randomUUID } from 'node:crypto';
import type { Route } from './route.js';
import { sendWebhook } from './webhook.js';

export interface StoredHook {
  readonly id: number;
  active: boolean;
  events: readonly string[];
  config: { url: string; content_type?: string; insecure_ssl?: string; secret?: string };
  last_response?: { code: number | null; message: string | null };
}

export interface FakeHooks {
  /** Webhooks of `acme/app`. */
  readonly hooks: StoredHook[];
  /** What GitHub tells of their last deliveries. */
  readonly deliveries: object[];
}

const AT = '/repos/acme/app/hooks';

/** Makes, changes and pings webhooks of `acme/app`. `sends`: whether a ping is really sent. */
export function hooks({ hooks, deliveries }: FakeHooks, { sends = false }: { readonly sends?: boolean }): Route {
  return async ({ asked, body }) => {
    if (asked === `POST ${AT}`) {
      const made = { id: hooks.length + 1, ...settingsOf(body) };
      hooks.push(made);
      return { status: 201, body: shown(made) };
    }
    const [, method, id, below = ''] = /^(\w+) \/repos\/acme\/app\/hooks\/(\d+)(\/\w+)?$/.exec(asked) ?? [];
    const hook = hooks.find((one) => String(one.id) === id);
    if (!hook) return undefined;
    switch (`${method} ${below}`) {
      case 'PATCH ':
        delete hook.last_response;
        return { status: 200, body: shown(Object.assign(hook, settingsOf(body))) };
      case 'POST /pings':
        if (sends) await ping(hook);
        return { status: 204 };
      case 'GET /deliveries':
        return { status: 200, body: deliveries };
      default:
        return undefined;
    }
  };
}

/** Returns a hook as GitHub shows it: with stars for the secret. */
export function shown(hook: StoredHook): object {
  return { ...hook, config: { ...hook.config, ...(hook.config.secret && { secret: '********' }) } };
}

function settingsOf(body: object): Pick<StoredHook, 'active' | 'events' | 'config'> {
  const { name, active, events, config } = body as { name?: string } & StoredHook;
  if (name !== undefined && name !== 'web') throw new Error(`a webhook's name is "web", not ${name}`);
  if (config.content_type !== 'json' || config.insecure_ssl !== '0') throw new Error('not as JSON over checked TLS');
  return { active, events, config };
}

let pings = 0;

async function ping({ id, config }: StoredHook): Promise<void> {
  pings += 1;
  const body = JSON.stringify({ zen: `Keep it logically awesome. ${pings}`, hook_id: id });
  await sendWebhook(config.url, { event: 'ping', body, guid: randomUUID(), secret: config.secret ?? '' });
}
