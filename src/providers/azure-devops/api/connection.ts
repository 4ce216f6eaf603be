import type { z } from 'zod';
import type { SourceOf } from '../../../config/config.js';
import { basic } from '../../../http/auth-headers.js';
import type { Request, Response, Send } from '../../../http/json-client.js';
import { sourceToken } from '../../connection.js';
import { ProviderError } from '../../error.js';
import { promised } from '../../parse-response.js';
import { createSend } from '../../send.js';

export interface AzureOptions {
  /** The source's name. */
  readonly name: string;
  readonly source: SourceOf<'azure-devops'>;
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

/** The REST API of an organisation of Azure DevOps with one source's credentials. */
export interface AzureConnection {
  readonly send: Send;
  /** Sends a request and parses the response by `schema`; `what` names it in the error. */
  get<T extends z.ZodType>(request: Request, schema: T, what: string): Promise<z.output<T>>;
  /** Parses a response by `schema`; `what` names it in the error. */
  read<T extends z.ZodType>(schema: T, response: Response, what: string): z.output<T>;
}

const VERSION = '7.1';

/**
 * A personal access token is a password without a user's name.
 * Source: https://learn.microsoft.com/rest/api/azure/devops/
 */
export function connectAzure(options: AzureOptions): AzureConnection {
  const { name, source, signal } = options;
  const plain = createSend({
    source: name,
    base: (source.api?.url ?? source.url).replace(/\/+$/, ''),
    headers: () => ({ authorization: basic('', sourceToken(options)), 'x-tfs-fedauthredirect': 'Suppress' }),
    signal,
  });
  const send: Send = async (request) => {
    const response = await plain({ ...request, query: { 'api-version': VERSION, ...request.query } });
    // An expired token is answered with the page to sign in on.
    if (response.status !== 203) return response;
    throw new ProviderError(
      'not configured',
      `the API of source ${name} asks to sign in: set sources.${name}.api.token to a token that is valid`,
      { status: 203 },
    );
  };
  const read: AzureConnection['read'] = (schema, response, what) => promised(schema, response, { source: name, what });
  return { send, read, get: async (request, schema, what) => read(schema, await send(request), what) };
}
