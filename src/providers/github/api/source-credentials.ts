import { z } from 'zod';
import { bearer } from '../../../http/auth-headers.js';
import { sourceToken } from '../../connection.js';
import { ProviderError } from '../../error.js';
import { parseResponse } from '../../parse.js';
import { createAppCredentials } from './app-credentials.js';
import type { Credentials, CredentialsOptions } from './credentials.js';
import { createOctokit } from './octokit.js';

const userSchema = z.object({ login: z.string() });

/**
 * Returns the credentials of a source: those of its app, or its token. Throws {@link ProviderError} (`not
 * configured`) when it has neither, or one that can't work.
 */
export function createCredentials({ name, api, baseUrl, log, version }: CredentialsOptions): Credentials {
  if (api?.app?.privateKey) {
    const { id, privateKey } = api.app;
    return createAppCredentials({ name, id: String(id), privateKey, baseUrl, log, version });
  }
  if (!api?.token)
    throw new ProviderError(
      'not configured',
      `source ${name} has no API credentials: set sources.${name}.api.token or .app`,
    );
  const authorization = bearer(sourceToken({ name, source: { api } }));
  const octokit = createOctokit({ baseUrl, log, version });
  return {
    authorization: async () => authorization,
    beyondRepositories: async () => authorization,
    forget: () => {},
    async login(signal) {
      const { data } = await octokit.request('GET /user', { headers: { authorization }, request: { signal } });
      return parseResponse(userSchema, data, { what: "GitHub's response to GET /user" }).login;
    },
  };
}
