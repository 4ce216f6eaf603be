import { z } from 'zod';
import { bearer } from '../../../http/auth-headers.js';
import type { Logger } from '../../../log.js';
import { sourceToken } from '../../connection.js';
import { ProviderError } from '../../error.js';
import { parseResponse } from '../../parse.js';
import type { GithubSource } from '../settings.js';
import { createAppCredentials } from './app-credentials.js';
import { createOctokit } from './octokit.js';
import type { Repository } from './repository.js';

/** Gives the `Authorization` header for requests about one repository. */
export interface Credentials {
  authorization(repository: Repository): Promise<string>;
  /** GitHub did not accept it: ask for a new one next time. */
  forget(repository: Repository): void;
  /** For what belongs to no repository. Throws {@link ProviderError} (`not configured`) where that can't be asked for. */
  beyondRepositories(): Promise<string>;
  /** For what an app asks about itself. */
  asApp?(): Promise<string>;
  /** Asks GitHub whose they are. */
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

/** The source's token or app. Throws {@link ProviderError} (`not configured`) when it has neither, or one that can't work. */
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
      return parseResponse(userSchema, data, { what: "GitHub's answer to GET /user" }).login;
    },
  };
}
