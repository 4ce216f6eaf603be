import { Context } from '@temporalio/activity';
import type { Config } from '../../config/config.js';
import { bearer, headerValue, UNUSABLE_TOKEN } from '../../http/auth-headers.js';
import { guardedAgent } from '../../http/guarded-agent.js';
import { createJsonClient, type Request, type Response, type Send } from '../../http/json-client.js';
import { RequestError } from '../../http/request-error.js';
import { throwIfCancelled } from '../cancelled.js';
import { notConfigured, refused } from '../failures.js';
import { failureFor } from './request-failure.js';

/** A request to a configured build service. */
export interface BuildRequest extends Pick<Request, 'body' | 'headers' | 'accept'> {
  /** Name under `builds`. */
  readonly build: string;
  readonly method: 'GET' | 'POST';
  /** Default: the configured one. Must be of the same origin, because it gets the same token. */
  readonly url?: string | undefined;
}

/** Sends one request to a configured build service. */
export type BuildApi = (request: BuildRequest) => Promise<Response>;

type BuildSettings = Extract<Config['builds'][string], { kind: 'http' }>;

const MAX_RESPONSE = 64 * 1024;

/**
 * Returns what sends requests to build services. It throws `NotConfigured` (no such build, or a token or address to
 * correct), `Refused`, `PrivateAddress`, or a failure that is retried, with the service's delay if it gave one.
 */
export function createBuildApi(config: Config): BuildApi {
  const clients = new Map<string, Send>();

  function clientOf(build: string, settings: BuildSettings): Send {
    const known = clients.get(build);
    if (known) return known;
    const made = createClient(build, settings);
    clients.set(build, made);
    return made;
  }

  return async function buildApi({ build, url, ...request }) {
    const settings = Object.hasOwn(config.builds, build) ? config.builds[build] : undefined;
    if (!settings) throw notConfigured(`there is no build ${JSON.stringify(build)}: add it under builds`);
    if (settings.kind !== 'http')
      throw notConfigured(`build ${build} is of the kind ${settings.kind}: call triggerBuild.pipeline for it`);
    const address = new URL(url ?? settings.url);
    if (address.username || address.password)
      throw refused(`build ${build} may not be asked at an address with a user or a password`);
    const { origin } = new URL(settings.url);
    if (address.origin !== origin)
      throw refused(`build ${build} may only be asked at ${origin}, not at ${address.origin}`);
    try {
      return await clientOf(build, settings)({ ...request, path: `${address.pathname}${address.search}` });
    } catch (error) {
      await throwIfCancelled();
      throw error instanceof RequestError ? failureFor(error, { build, method: request.method }) : error;
    }
  };
}

function createClient(build: string, { url, token, allowPrivate }: BuildSettings): Send {
  return createJsonClient({
    base: new URL(url).origin,
    headers() {
      if (!token) return {};
      const value = headerValue(token);
      if (value === undefined) throw notConfigured(`builds.${build}.token ${UNUSABLE_TOKEN}`);
      return { authorization: bearer(value) };
    },
    dispatcher: guardedAgent({ allowPrivate }),
    maxBytes: MAX_RESPONSE,
    signal: () => Context.current().cancellationSignal,
  });
}
