import type { z } from 'zod';
import { headerValue, UNUSABLE_TOKEN } from '../http/auth-headers.js';
import { guardedAgent } from '../http/guarded-agent.js';
import { createJsonClient, type Request, type Response } from '../http/json-client.js';
import { leadsToSignIn } from '../http/redirect.js';
import { maskKnown } from '../secrets/mask.js';
import type { Secret } from '../secrets/secret.js';
import { type CiAccess, RemoteCiError } from './remote-ci.js';

/** How a service's API is reached. */
export interface ApiOptions {
  /** What all paths are below. */
  readonly base: string;
  readonly token: Secret | undefined;
  /** Without one, nothing is sent in its place. */
  readonly isTokenOptional?: true;
  /** Returns the headers that carry the token. */
  readonly headers: (token: string) => Readonly<Record<string, string>>;
  readonly allowPrivate: boolean;
  /** How large an answer may be. Default: 1 MB. */
  readonly maxBytes?: number;
}

/** The API of a CI service. Redirects are not followed, answers are bounded, and what refuses says why. */
export interface CiApi {
  send(request: Request): Promise<Response>;
  /** Asks for what has this shape. */
  get<T extends z.ZodType>(request: Request, schema: T): Promise<z.output<T>>;
  /** The same; undefined where it is not there (404). */
  find<T extends z.ZodType>(request: Request, schema: T): Promise<z.output<T> | undefined>;
  /** Sends what may be refused: then the error quotes what the service says of it. */
  ask(request: Request): Promise<Response>;
  /** Returns an answer as what has this shape. */
  read<T extends z.ZodType>(response: Pick<Response, 'json' | 'status'>, schema: T): z.output<T>;
}

/** In bytes. Lists of builds with their parameters are the longest. */
const MAX_RESPONSE = 1024 * 1024;
/** In characters. */
const MAX_QUOTE = 300;
const REFUSALS = [400, 404, 409, 422];

/** Returns the API of a service. */
export function connectApi(options: ApiOptions, { name, signal }: CiAccess): CiApi {
  const { base, token, headers, allowPrivate, maxBytes = MAX_RESPONSE, isTokenOptional = false } = options;
  const below = new URL(base).pathname.replace(/\/+$/, '');
  const client = createJsonClient({
    base: base.replace(/\/+$/, ''),
    headers() {
      if (!token && isTokenOptional) return {};
      if (!token) throw new RemoteCiError('not configured', `has no token: set the variable of builds.${name}.token`);
      const value = headerValue(token);
      if (value !== undefined) return headers(value);
      throw new RemoteCiError('not configured', `can't be asked: builds.${name}.token ${UNUSABLE_TOKEN}`);
    },
    dispatcher: guardedAgent({ allowPrivate }),
    maxBytes,
    signal,
  });
  /** Azure DevOps answers 203 instead of 401; what stands before a service answers with a page, or leads to one. */
  const send: CiApi['send'] = async (request) => {
    const response = await client(request);
    const { status, isPage, headers } = response;
    const asksToSignIn = leadsToSignIn({ status, location: headers.location }, `${below}${request.path}`);
    if (status === 203 || (isPage && status < 300) || asksToSignIn)
      throw new RemoteCiError(
        'not configured',
        `answered ${status} with a page for people where its API answers in JSON: set builds.${name}.token to one that it accepts, ` +
          `and builds.${name}.url to where its API is reached`,
        status,
      );
    return response;
  };
  const read: CiApi['read'] = ({ json, status }, schema) => {
    const answer = schema.safeParse(json);
    if (answer.success) return answer.data;
    const problems = answer.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
    throw new RemoteCiError('unusable', cut(`answered ${status} with what can't be read: ${problems.join('; ')}`));
  };
  return {
    send,
    read,
    get: async (request, schema) => read(await send(request), schema),
    async find(request, schema) {
      const response = await send({ ...request, accept: [404] });
      return response.status === 404 ? undefined : read(response, schema);
    },
    async ask(request) {
      const response = await send({ ...request, accept: [...REFUSALS, ...(request.accept ?? [])] });
      if (!REFUSALS.includes(response.status) || request.accept?.includes(response.status)) return response;
      throw new RemoteCiError('refused', `answered ${response.status}${quoted(response.json)}`);
    },
  };
}

/** Says in a service's own words why it refused; each has a field of its own for them. */
export function quoted(json: unknown): string {
  if (typeof json !== 'object' || json === null) return '';
  const { message, error, errors } = json as Record<string, unknown>;
  const said = message ?? error ?? errors;
  if (said === undefined) return '';
  return cut(`: ${typeof said === 'string' ? said : JSON.stringify(said)}`);
}

/** Masks before it cuts: what is left of a secret that was cut looks like none. */
function cut(text: string): string {
  return maskKnown(text).replace(/\s+/g, ' ').slice(0, MAX_QUOTE);
}

/**
 * Returns a path, each value in it encoded as one part of it. Throws {@link RemoteCiError} for a value that would lead elsewhere.
 */
export function path(texts: TemplateStringsArray, ...values: readonly string[]): string {
  return texts.reduce((before, text, i) => `${before}${encoded(values[i - 1] ?? '')}${text}`);
}

function encoded(value: string): string {
  if (value === '' || /^\.{1,2}$/.test(value))
    throw new RemoteCiError('refused', `${JSON.stringify(value)} is no part of an address`);
  return encodeURIComponent(value);
}
