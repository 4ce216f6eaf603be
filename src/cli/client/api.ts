import type { Config } from '../../config/config.js';
import { loadConfig } from '../../config/load.js';
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
  const url = (options.url ?? running?.url ?? `http://${host}:${config.server.port}`).replace(/\/$/, '');
  const ask = async <T>(
    method: 'GET' | 'POST',
    path: string,
    { query = {}, body }: { query?: Query | undefined; body?: unknown },
  ): Promise<T | undefined> => {
    const set = Object.entries(query).filter((entry) => entry[1] !== undefined);
    const search = new URLSearchParams(set.map(([key, value]) => [key, String(value)] as [string, string]));
    const answer = await request(`${url}/api/${path}?${search}`, {
      method,
      headers: {
        authorization: `Bearer ${config.server.apiToken.reveal()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new UserError(`${url} answers ${answer.status}: ${errorOf(await answer.text())}`);
    return (await answer.json()) as T;
  };
  return {
    url,
    config,
    get: (path, query) => ask('GET', path, { query }),
    post: (path, query, body) => ask('POST', path, { query, body }),
  };
}

function errorOf(text: string): string {
  try {
    return String((JSON.parse(text) as { error?: unknown }).error ?? text).slice(0, 500);
  } catch {
    return text.slice(0, 500);
  }
}

/** A request with a deadline, whose failure says what to do. */
export async function request(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) });
  } catch (error) {
    const because = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
    throw new UserError(`No Hookyard server answers at ${new URL(url).origin} (${because}). Start one with: npm start`);
  }
}
