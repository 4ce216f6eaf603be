import { z } from 'zod';
import { basic } from '../../../http/auth-headers.js';
import type { Send } from '../../../http/json-client.js';
import { type Connection, connectionOf, sourceToken } from '../../connection.js';
import { ProviderError } from '../../error.js';
import type { ApiOptions } from '../../provider.js';
import { createSend } from '../../send.js';
import type { AzureDevopsSource } from '../settings.js';

/** The REST API of an organisation of Azure DevOps, with one source's credentials. */
export type AzureConnection = Connection;

/** Returns the schema of a list: Azure's lists are objects. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ value: z.array(item) });

const VERSION = '7.1';

/**
 * Returns a connection that sends the personal access token as a password without a user name.
 * Source: https://learn.microsoft.com/rest/api/azure/devops/
 */
export function connectAzure(options: ApiOptions<AzureDevopsSource>): AzureConnection {
  const { name, source, signal } = options;
  const plain = createSend({
    source: name,
    base: (source.api?.url ?? source.url).replace(/\/+$/, ''),
    headers: () => ({ authorization: basic('', sourceToken(options)), 'x-tfs-fedauthredirect': 'Suppress' }),
    signal,
  });
  const send: Send = async (request) => {
    const response = await plain({ ...request, query: { 'api-version': VERSION, ...request.query } });
    // The answer to an expired token is the sign-in page.
    if (response.status !== 203) return response;
    throw new ProviderError(
      'not configured',
      `the API of source ${name} asks to sign in: set sources.${name}.api.token to a token that is valid`,
      { status: 203 },
    );
  };
  return connectionOf(name, send);
}
