import type { Logger } from '../../../log.js';
import type { GithubSource } from '../settings.js';
import type { ApiVersion } from './api-version.js';
import type { OwnerAndRepo } from './names.js';

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
  /** Returns the token of an app for a repository, which git takes too. */
  repositoryToken?(repository: OwnerAndRepo): Promise<string>;
  /** For requests of an app about itself. */
  asApp?(): Promise<string>;
  /** Asks GitHub for the account that they belong to. */
  login(signal: AbortSignal): Promise<string>;
}

/** The source whose credentials are used. */
export interface CredentialsOptions {
  /** Name of the source, for messages. */
  readonly name: string;
  readonly api: GithubSource['api'];
  readonly baseUrl: string;
  readonly log: Logger;
  readonly version: ApiVersion;
}
