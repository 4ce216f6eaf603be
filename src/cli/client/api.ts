import type { Config } from '../../config/config.js';
import { loadConfig } from '../../config/load.js';
import { bearer } from '../../http/auth-headers.js';
import type {
  ApprovalAnswer,
  DeliveriesAnswer,
  ErrorAnswer,
  LogsAnswer,
  ManualRunAnswer,
  ReconcileAnswer,
  ReplayAnswer,
  RunState,
  ShownDelivery,
} from '../../server/api/contract.js';
import { harmless } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { httpUrl, request } from './request.js';
import { readRunning } from './running.js';

/**
 * The operator API of a server, a function for each route. All throw {@link UserError} when the server is away or refuses,
 * and, unless they return undefined for it, when it does not know what was named.
 */
export interface Api {
  readonly url: string;
  readonly config: Config;
  deliveries(query: DeliveriesQuery): Promise<DeliveriesAnswer>;
  delivery(id: string, query?: { readonly source?: string | undefined }): Promise<ShownDelivery>;
  replay(
    delivery: string,
    query: { readonly source?: string | undefined; readonly automation?: string | undefined },
  ): Promise<ReplayAnswer>;
  /** Undefined for a run that the server does not know, or not yet. */
  run(workflowId: string): Promise<RunState | undefined>;
  approve(workflowId: string, query: { readonly sha?: string | undefined }): Promise<ApprovalAnswer>;
  startRun(automation: string, body: { readonly inputs: object; readonly id?: string }): Promise<ManualRunAnswer>;
  reconcile(body: { readonly since: string; readonly source?: string }): Promise<ReconcileAnswer>;
  logs(query: LogsQuery): Promise<LogsAnswer>;
}

/** Which deliveries to list, and how many. */
export interface DeliveriesQuery {
  readonly limit: number | string;
  readonly source?: string | undefined;
  readonly failed?: boolean | undefined;
}

/** Which lines of a run's output to read. */
export interface LogsQuery {
  /** Workflow id. */
  readonly run: string;
  readonly job?: string;
  /** Number of the last line that is known. */
  readonly after?: number;
  readonly limit?: number;
}

/** Connects to a server: the one that `--url` names, else the one that runs on this data folder, else the configured one. */
export async function connectApi(options: { readonly url?: string }): Promise<Api> {
  const config = await loadConfig({ env: process.env, cwd: process.cwd() });
  const url = await serverUrl(config, options);
  const ask = asker(url, config);
  return {
    url,
    config,
    deliveries: async (query) => (await ask('GET', 'deliveries', { query })) ?? { deliveries: [] },
    delivery: async (id, query = {}) =>
      (await ask('GET', `deliveries/${encodeURIComponent(id)}`, { query, command: 'explain' })) ?? noDelivery(id),
    replay: async (id, query) =>
      (await ask('POST', `deliveries/${encodeURIComponent(id)}/replay`, { query, command: 'replay' })) ??
      noDelivery(id),
    run: (id) => ask('GET', 'runs', { query: { id } }),
    approve: async (id, { sha }) => (await ask('POST', 'runs/approve', { query: { id, sha } })) ?? noRun(id),
    startRun: async (name, body) =>
      (await ask('POST', `automations/${encodeURIComponent(name)}/runs`, { body })) ?? noAutomation(name),
    reconcile: async (body) => (await ask('POST', 'reconcile', { body })) ?? noSource(body.source),
    logs: async (query) => (await ask('GET', 'logs', { query })) ?? { jobs: [], lines: [] },
  };
}

async function serverUrl({ data, server }: Config, { url }: { readonly url?: string }): Promise<string> {
  if (url !== undefined) return httpUrl(url);
  const running = await readRunning(data);
  const host = server.host === '0.0.0.0' ? '127.0.0.1' : server.host;
  return running?.url.replace(/\/$/, '') ?? `http://${host}:${server.port}`;
}

interface RequestOptions {
  readonly query?: object;
  readonly body?: object;
  /** The command that asks for a delivery, to be typed again where several are meant. */
  readonly command?: string;
}

/** Returns the function that asks `/api/<path>`; it resolves to undefined for a 404. */
function asker(url: string, { server }: Config) {
  return async <T>(
    method: 'GET' | 'POST',
    path: string,
    { query = {}, body, command }: RequestOptions = {},
  ): Promise<T | undefined> => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
    const { status, json } = await request(`${url}/api/${path}?${search}`, {
      method,
      headers: {
        authorization: bearer(server.apiToken.reveal()),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (status === 404) return undefined;
    const { meanings } = (json ?? {}) as Partial<ErrorAnswer>;
    if (status === 409 && meanings) severalMeant(meanings, command);
    if (status < 200 || status > 299) throw new UserError(`${url} answers ${status}: ${errorOf(json)}`);
    return json as T;
  };
}

function errorOf(json: unknown): string {
  const { error } = (json ?? {}) as Partial<ErrorAnswer>;
  return harmless(String(error ?? JSON.stringify(json))).slice(0, 500);
}

/** Throws {@link UserError} with a line for each delivery that is meant, which is what to type. */
function severalMeant(meanings: NonNullable<ErrorAnswer['meanings']>, command = 'explain'): never {
  const lines = meanings.map(({ id, source, key, eventName, receivedAt }) => {
    const at = new Date(receivedAt).toISOString();
    return `  npx hookyard ${command} ${id}   ${harmless(`"${eventName}" of source ${source}, key ${key}`)}, ${at}`;
  });
  throw new UserError(['Several deliveries are called so. Type one of:', ...lines].join('\n'));
}

/** Throws {@link UserError}. */
export function noRun(id: string): never {
  throw new UserError(`There is no run "${harmless(id)}"; npx hookyard deliveries lists what ran`);
}

function noDelivery(id: string): never {
  throw new UserError(`There is no delivery "${harmless(id)}"; npx hookyard deliveries lists them`);
}

function noAutomation(name: string): never {
  throw new UserError(
    `There is no automation "${harmless(name)}"; the server logs the names of those that it has loaded when it starts`,
  );
}

function noSource(name: string | undefined): never {
  throw new UserError(
    `There is no source "${harmless(name ?? '')}"; npx hookyard doctor lists those that are configured`,
  );
}
