import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type Agent, type Dispatcher, request } from 'undici';
import { withDeadline } from '../../async/deadline.js';
import type { Config } from '../../config/config.js';
import { PrivateAddressError } from '../../http/address.js';
import { guardedAgent } from '../../http/guarded-agent.js';
import { retryAfterMs } from '../../http/retry-after.js';
import { throwIfCancelled } from '../cancelled.js';
import { notConfigured, privateAddress, refused, unavailable } from '../failures.js';
import { bearer } from './bearer.js';

export interface BuildRequest {
  /** Name under `builds`. */
  readonly build: string;
  readonly method: 'GET' | 'POST';
  /** Default: the configured one. Must be of the same origin, because it gets the same token. */
  readonly url?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are answers and not failures. */
  readonly accept?: readonly number[];
}

export interface BuildAnswer {
  readonly status: number;
  /** Undefined when the body is empty or not JSON. Parse before use. */
  readonly json: unknown;
}

/** Sends one request to a configured build service. Redirects are failures: they could lead the token elsewhere. */
export type BuildApi = (request: BuildRequest) => Promise<BuildAnswer>;

const DEADLINE_MS = 15_000;
const MAX_ANSWER = 64 * 1024;

/**
 * Throws `NotConfigured` (no such build, credentials or address to correct), `Refused`, `PrivateAddress`, or a failure
 * that is retried, with the service's delay if it gave one.
 */
export function createBuildApi(config: Config): BuildApi {
  const agents = new Map<boolean, Agent>();

  function agent(allowPrivate: boolean): Agent {
    const known = agents.get(allowPrivate);
    if (known) return known;
    const made = guardedAgent({ allowPrivate });
    agents.set(allowPrivate, made);
    return made;
  }

  return async function buildApi({ build, method, url, body, headers, accept = [] }) {
    const settings = Object.hasOwn(config.builds, build) ? config.builds[build] : undefined;
    if (!settings) throw notConfigured(`there is no build ${JSON.stringify(build)}: add it under builds`);
    const address = new URL(url ?? settings.url);
    if (address.origin !== new URL(settings.url).origin) {
      throw refused(`build ${build} may only be asked at ${new URL(settings.url).origin}, not at ${address.origin}`);
    }
    const authorization = settings.token && bearer(settings.token, `builds.${build}.token`);
    const answer = await send({
      build,
      address,
      options: {
        method,
        dispatcher: agent(settings.allowPrivate),
        headers: {
          ...headers,
          accept: 'application/json',
          'user-agent': 'hookyard',
          ...(authorization && { authorization }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
    });
    if ((answer.status >= 200 && answer.status < 300) || accept.includes(answer.status)) return answer;
    throw refusal({ build, method, ...answer });
  };
}

interface Sending {
  readonly build: string;
  readonly address: URL;
  readonly options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'> & { readonly dispatcher: Dispatcher };
}

async function send({ build, address, options }: Sending): Promise<BuildAnswer & { retryAfter: string | undefined }> {
  try {
    const deadline = { ms: DEADLINE_MS, parent: Context.current().cancellationSignal };
    return await withDeadline(deadline, async (signal) => {
      const { statusCode: status, headers, body } = await request(address, { ...options, signal });
      const text = await readUpTo(MAX_ANSWER, body);
      if (text === undefined && status < 300) throw refused(`build ${build} answered with more than 64 kB`);
      return { status, json: parsed(text), retryAfter: headers['retry-after']?.toString() };
    });
  } catch (error) {
    await throwIfCancelled();
    if (error instanceof ApplicationFailure) throw error;
    if (error instanceof PrivateAddressError) {
      throw privateAddress(`build ${build}: ${error.message}; set builds.${build}.allowPrivate if it is meant`);
    }
    throw unavailable(`build ${build} did not answer: ${(error as Error).message.slice(0, 300)}`);
  }
}

/** Undefined when there is more; the rest is not read. */
async function readUpTo(limit: number, body: Dispatcher.ResponseData['body']): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string | undefined): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

interface Refusal {
  readonly build: string;
  readonly method: string;
  readonly status: number;
  readonly retryAfter: string | undefined;
}

function refusal({ build, method, status, retryAfter }: Refusal): ApplicationFailure {
  const said = `build ${build} answered ${status} to ${method}`;
  if (status >= 300 && status < 400) {
    return notConfigured(`${said}, and redirects are not followed: set builds.${build}.url to the final address`);
  }
  if (status === 401 || status === 403)
    return notConfigured(`${said}: set builds.${build}.token to one that it accepts`);
  if (status < 500 && ![408, 425, 429].includes(status)) return refused(said);
  return unavailable(said, retryAfterMs(retryAfter, Date.now()));
}
