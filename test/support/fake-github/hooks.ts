import { createHmac } from 'node:crypto';
import { type Answer, type LocalServer, type Received, startServer } from '../harness/http-server.js';

export const TOKEN = 'ghp_canary5550123456';

interface StoredHook {
  readonly id: number;
  active: boolean;
  events: readonly string[];
  config: { url: string; content_type?: string; insecure_ssl?: string; secret?: string };
  last_response?: { code: number | null; message: string | null };
}

export interface GithubWithHooks extends LocalServer {
  readonly hooks: StoredHook[];
  /** What GitHub tells of its last deliveries. */
  readonly deliveries: object[];
  /** Requests that change something, as `METHOD path`. */
  changes(): string[];
}

/** Stands in for GitHub's API of webhooks of `acme/app`, and really sends its pings where `sends` says so. */
export async function githubWithHooks({ sends = false }: { sends?: boolean } = {}): Promise<GithubWithHooks> {
  const hooks: StoredHook[] = [];
  const deliveries: object[] = [];
  const at = '/repos/acme/app/hooks';
  const server = await startServer(async (request): Promise<Answer> => {
    const { method, path, headers } = request;
    if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { message: 'Bad credentials' } };
    if (path === '/user') return { status: 200, body: { login: 'hookyard-bot' } };
    const hook = hooks.find(({ id }) => path.startsWith(`${at}/${id}`));
    if (method === 'GET' && path === at) return { status: 200, body: hooks.map(shown) };
    if (method === 'POST' && path === at) {
      const made = { id: hooks.length + 1, ...settings(request) };
      hooks.push(made);
      return { status: 201, body: shown(made) };
    }
    if (!hook) return { status: 404, body: { message: 'Not Found' } };
    if (method === 'PATCH' && path === `${at}/${hook.id}`) {
      delete hook.last_response;
      return { status: 200, body: shown(Object.assign(hook, settings(request))) };
    }
    if (method === 'POST' && path === `${at}/${hook.id}/pings`) {
      if (sends) await ping(hook);
      return { status: 204 };
    }
    if (method === 'GET' && path === `${at}/${hook.id}/deliveries`) return { status: 200, body: deliveries };
    return { status: 404, body: { message: 'Not Found' } };
  });
  const changes = () =>
    server.received.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  return { ...server, hooks, deliveries, changes };
}

function settings({ body }: Received): Pick<StoredHook, 'active' | 'events' | 'config'> {
  const { name, active, events, config } = body as { name?: string } & StoredHook;
  if (name !== undefined && name !== 'web') throw new Error(`a webhook's name is "web", not ${name}`);
  if (config.content_type !== 'json' || config.insecure_ssl !== '0') throw new Error('not as JSON over checked TLS');
  return { active, events, config };
}

/** As GitHub: with stars for the secret. */
function shown(hook: StoredHook): object {
  return { ...hook, config: { ...hook.config, ...(hook.config.secret && { secret: '********' }) } };
}

let pings = 0;

async function ping({ id, config }: StoredHook): Promise<void> {
  pings += 1;
  const body = JSON.stringify({ zen: `Keep it logically awesome. ${pings}`, hook_id: id });
  await fetch(config.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'ping',
      'x-github-delivery': `00000000-0000-4000-8000-${String(pings).padStart(12, '0')}`,
      'x-hub-signature-256': `sha256=${createHmac('sha256', config.secret ?? '')
        .update(body)
        .digest('hex')}`,
    },
    body,
  });
}
