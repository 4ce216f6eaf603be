import type { z } from 'zod';
import { headerValue, UNUSABLE_TOKEN } from '../http/auth-headers.js';
import type { Request, Response, Send } from '../http/json-client.js';
import type { Secret } from '../secrets/secret.js';
import { ProviderError } from './error.js';
import type { Pages } from './pages.js';
import { parseResponse } from './parse.js';

/** A provider's REST API with one source's credentials. */
export interface Connection {
  readonly send: Send;
  /** Sends a request and parses the response by `schema`; `what` names it in the error. */
  get<T extends z.ZodType>(request: Request, schema: T, what: string): Promise<z.output<T>>;
  /** Parses a response by `schema`; `what` names it in the error. */
  read<T extends z.ZodType>(schema: T, response: Response, what: string): z.output<T>;
}

/** Reads a list page by page. */
export type ReadList<O = object> = <T extends z.ZodType>(
  request: Request,
  item: T,
  options: ListOptions<z.output<T>> & O,
) => Promise<Pages<z.output<T>>>;

/** How a list is read. */
export interface ListOptions<T> {
  /** Names one item in errors. */
  readonly what: string;
  /** How many items are read at most. */
  readonly most: number;
  /** Whether a page has what is looked for, so that the rest is not read. */
  readonly enough?: (page: readonly T[]) => boolean;
}

/** Returns a connection that parses what `send` receives. `name` is the source's, for messages. */
export function connectionOf(name: string, send: Send): Connection {
  const read: Connection['read'] = (schema, { json, status }, what) =>
    parseResponse(schema, json, { what: `the ${what} from the API of source ${name}`, status });
  return { send, read, get: async (request, schema, what) => read(schema, await send(request), what) };
}

/**
 * Returns the token of a source, ready for a header. Throws {@link ProviderError} (`not configured`) when there is
 * none, or one that no header can carry.
 */
export function sourceToken({
  name,
  source,
}: {
  name: string;
  source: { readonly api?: { readonly token?: Secret | undefined } | undefined };
}): string {
  const option = `sources.${name}.api.token`;
  const token = source.api?.token;
  if (!token) throw new ProviderError('not configured', `source ${name} has no API credentials: set ${option}`);
  const value = headerValue(token);
  if (value === undefined) throw new ProviderError('not configured', `${option} ${UNUSABLE_TOKEN}`);
  return value;
}
