import { z } from 'zod';
import { basic, bearer } from '../../../http/auth-headers.js';
import type { Request, Response, Send } from '../../../http/json-client.js';
import { withoutSlash } from '../../api-base.js';
import { type Connection, connectionOf, sourceToken } from '../../connection.js';
import { ProviderError } from '../../error.js';
import type { ApiOptions } from '../../provider.js';
import { createSend } from '../../send.js';
import type { AzureDevopsSource } from '../settings.js';
import { isIssuedToken } from '../token-kind.js';
import { createEntraTokens, type EntraTokens } from './entra.js';

/** The REST API of an organisation of Azure DevOps, with one source's credentials. */
export interface AzureConnection extends Connection {
  /** Returns a token that git takes too. Absent where the configuration holds a token. */
  readonly issuedToken?: () => Promise<string>;
}

/** Returns the schema of a list: Azure's lists are objects. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ value: z.array(item) });

const VERSION = '7.1';

/**
 * Returns a connection. A personal access token goes as a password without a user name, what Entra has issued by itself.
 * Source: https://learn.microsoft.com/rest/api/azure/devops/
 */
export function connectAzure(options: ApiOptions<AzureDevopsSource>): AzureConnection {
  const { name, source, signal } = options;
  const { entra } = source.api ?? {};
  const tokens = entra && createEntraTokens(name, entra);
  const plain = createSend({
    source: name,
    base: withoutSlash(withoutSlash(source.api?.url ?? source.url).replace(/\/_apis$/i, '')),
    headers: () => ({ 'x-tfs-fedauthredirect': 'Suppress' }),
    signal,
  });
  const ask = async (request: Request, authorization: string): Promise<Response> => {
    const query = { 'api-version': VERSION, ...request.query };
    const response = await plain({ ...request, query, headers: { ...request.headers, authorization } });
    // The answer to an expired token is the sign-in page.
    if (response.status !== 203) return response;
    throw new ProviderError(
      'not configured',
      `the API of source ${name} asks to sign in: set sources.${name}.api.${tokens ? 'entra' : 'token'} to credentials that are valid`,
      { status: 203 },
    );
  };
  const send: Send = tokens
    ? (request) => withIssued(tokens, (token) => ask(request, bearer(token)))
    : (request) => ask(request, tokenHeader(options));
  return { ...connectionOf(name, send), ...(tokens && { issuedToken: tokens.token }) };
}

function tokenHeader(options: ApiOptions<AzureDevopsSource>): string {
  const value = sourceToken(options);
  const token = options.source.api?.token;
  return token && isIssuedToken(token) ? bearer(value) : basic('', value);
}

/** Does `work` with a token, and once more with a new one if that was refused: it may have been revoked. */
async function withIssued<T>(tokens: EntraTokens, work: (token: string) => Promise<T>): Promise<T> {
  const token = await tokens.token();
  try {
    return await work(token);
  } catch (error) {
    if (!(error instanceof ProviderError) || (error.status !== 401 && error.status !== 203)) throw error;
    tokens.forget(token);
  }
  return work(await tokens.token());
}
