import { type Config, type GitSource, isGitSource } from '../config/config.js';
import type { Logger } from '../log.js';
import type { RepositoryApi, SourceApi } from './api.js';
import { createAzureDevopsApi } from './azure-devops/api/index.js';
import { createBitbucketCloudApi } from './bitbucket-cloud/api/index.js';
import { createBitbucketDataCenterApi } from './bitbucket-data-center/api/index.js';
import { createGiteaApi } from './gitea/api/index.js';
import { createGithubApi } from './github/api/index.js';
import { createGitlabApi } from './gitlab/api/index.js';
import { namedSource } from './named-source.js';

/** The APIs of all sources. Each is made when it is first needed, and kept. */
export interface Providers {
  /**
   * Undefined when the source has no API credentials, or is of a kind without an API. Throws {@link ProviderError}:
   * `not configured` for an unknown source or credentials that can't work, `refused` for what is no repository's name.
   */
  repository(source: string, fullName: string): RepositoryApi | undefined;
  /** The same of the source itself. */
  source(name: string): SourceApi | undefined;
}

export interface ProvidersOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Asked at each call: what ends it before its time. */
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

export function createProviders({ config, ...shared }: ProvidersOptions): Providers {
  const made = new Map<string, SourceApi>();

  function source(name: string): SourceApi | undefined {
    const known = made.get(name);
    if (known) return known;
    const source = namedSource(config, name);
    if (!isGitSource(source) || !hasCredentials(source)) return undefined;
    const api = createApi({ ...shared, name, source });
    made.set(name, api);
    return api;
  }

  return { source, repository: (name, fullName) => source(name)?.repository(fullName) };
}

function hasCredentials({ api }: GitSource): boolean {
  if (!api) return false;
  return Boolean(api.token ?? ('app' in api && api.app?.privateKey));
}

interface ApiOptions extends Pick<ProvidersOptions, 'log' | 'signal'> {
  readonly name: string;
  readonly source: GitSource;
}

function createApi({ source, ...options }: ApiOptions): SourceApi {
  switch (source.kind) {
    case 'github':
      return createGithubApi({ ...options, source });
    case 'gitlab':
      return createGitlabApi({ ...options, source });
    case 'gitea':
    case 'forgejo':
    case 'gogs':
      return createGiteaApi({ ...options, source });
    case 'bitbucket-cloud':
      return createBitbucketCloudApi({ ...options, source });
    case 'bitbucket-data-center':
      return createBitbucketDataCenterApi({ ...options, source });
    case 'azure-devops':
      return createAzureDevopsApi({ ...options, source });
  }
}
