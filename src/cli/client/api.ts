import type { Config } from '../../config/config.js';
import { loadConfig } from '../../config/load.js';
import { harmless } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { readRunning } from './running.js';

export interface Api {
  readonly url: string;
  readonly config: Config;
  /** POST to `/api/…`, with the same answers. */
  post<T>(path: string, query?: Query, body?: unknown): Promise<T | undefined>;
  /** GET of `/api/…`; undefined for a 404. Throws {@link UserError} when the server is away or refuses. */
  get<T>(path: string, query?: Query): Promise<T | undefined>;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

const DEADLINE_MS = 10_000;

/** The server to talk to: `--url`, else the one that runs on this data folder, else the configured address. */
export async function connectApi(options: { url?: string }): Promise<Api> {
  const config = await loadConfig({ env: process.env, cwd: process.cwd() });
  const running = await readRunning(config.data);
  const host = config.server.host === '0.0.0.0' ? '127.0.0.1' : config.server.host;
  const asked = options.url === undefined ? undefined : httpUrl(options.url);
  const url = asked ?? running?.url.replace(/\/$/, '') ?? `http://${host}:${config.server.port}`;
  const ask = async <T>(
    method: 'GET' | 'POST',
    path: string,
    { query = {}, body }: { query?: Query | undefined; body?: unknown },
  ): Promise<T | undefined> => {
    const set = Object.entries(query).filter((entry) => entry[1] !== undefined);
    const search = new URLSearchParams(set.map(([key, value]) => [key, String(value)] as [string, string]));
    const { status, json } = await request(`${url}/api/${path}?${search}`, {
      method,
      headers: {
        authorization: `Bearer ${config.server.apiToken.reveal()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (status === 404) return undefined;
    if (status < 200 || status > 299) throw new UserError(`${url} answers ${status}: ${errorOf(json)}`);
    return json as T;
  };
  return {
    url,
    config,
    get: (path, query) => ask('GET', path, { query }),
    post: (path, query, body) => ask('POST', path, { query, body }),
  };
}

/** What `--url` says, without a slash at its end. Throws {@link UserError} for what is no address. */
export function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new UserError(`--url takes an address that begins with http:// or https://, not "${harmless(text)}"`);
  return text.replace(/\/+$/, '');
}

function errorOf(json: unknown): string {
  const told = (json as { error?: unknown } | null)?.error;
  return harmless(String(told ?? JSON.stringify(json))).slice(0, 500);
}

export interface Answered {
  readonly status: number;
  readonly json: unknown;
}

/** A request with a deadline, whose failure says what to do. Throws {@link UserError}, also when no JSON comes back. */
export async function request(url: string, init: RequestInit): Promise<Answered> {
  const { origin } = new URL(url);
  const { status, text } = await textOf(url, init).catch((error: Error) => {
    // What went wrong on the way has a cause; a header that can't be sent has none.
    if (error instanceof TypeError && !error.cause)
      throw new UserError(`This can't be sent: ${harmless(error.message)}`);
    const because = (error as { cause?: { code?: string } }).cause?.code ?? error.message;
    throw new UserError(`No Hookyard server answers at ${origin} (${because}). Start one with: npm start`);
  });
  try {
    return { status, json: JSON.parse(text) };
  } catch {
    throw new UserError(
      `What answers at ${origin} is no Hookyard server: it answers ${status}, and not in JSON. Name the server with --url`,
    );
  }
}

async function textOf(url: string, init: RequestInit): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) });
  return { status: answer.status, text: await answer.text() };
}
