import { z } from 'zod';
import { bearer } from '../../../http/auth-headers.js';
import type { Logger } from '../../../log.js';
import { sourceToken } from '../../connection.js';
import { ProviderError } from '../../error.js';
import { parseResponse } from '../../parse.js';
import type { GithubSource } from '../settings.js';
import { createAppCredentials } from './app-credentials.js';
import type { OwnerAndRepo } from './names.js';
import { createOctokit } from './octokit.js';

/** Gives the `Authorization` header of requests. */
export interface Credentials {
  /** For requests about a repository. */
  authorization(repository: OwnerAndRepo): Promise<string>;
  /** GitHub did not accept it: the next one is fetched anew. */
  forget(repository: OwnerAndRepo): void;
  /**
   * For requests about an organisation. Throws {@link ProviderError} (`not configured`) when these can't be authorized.
   */
  beyondRepositories(): Promise<string>;
  /** For requests of an app about itself. */
  asApp?(): Promise<string>;
  /** Asks GitHub for the account that they belong to. */
  login(signal: AbortSignal): Promise<string>;
}

export interface CredentialsOptions {
  /** Name of the source, for messages. */
  readonly name: string;
  readonly api: GithubSource['api'];
  readonly baseUrl: string;
  readonly log: Logger;
}

const userSchema = z.object({ login: z.string() });

/**
 * Returns the credentials of a source: those of its app, or its token. Throws {@link ProviderError} (`not
 * configured`) when it has neither, or one that can't work.
 */
export function createCredentials({ name, api, baseUrl, log }: CredentialsOptions): Credentials {
  if (api?.app?.privateKey) {
    const { id, privateKey } = api.app;
    return createAppCredentials({ name, id: String(id), privateKey, baseUrl, log });
  }
  if (!api?.token)
    throw new ProviderError(
      'not configured',
      `source ${name} has no API credentials: set sources.${name}.api.token or .app`,
    );
  const authorization = bearer(sourceToken({ name, source: { api } }));
  const octokit = createOctokit({ baseUrl, log });
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
