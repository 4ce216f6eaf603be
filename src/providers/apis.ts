import type { Logger } from '../log.js';
import type { RepositoryApi, SourceApi } from './api.js';
import { PROVIDERS } from './index.js';
import { namedSource } from './named-source.js';
import type { ApiOptions, GitProvider } from './provider.js';
import { type GitSource, hasApiCredentials, type Sources } from './source.js';

/** The APIs of all sources. Each is loaded and made when it is first needed, and kept. */
export interface Providers {
  /**
   * Undefined when the source has no API credentials, or is of a kind without an API. Rejects with {@link
   * ProviderError}: `not configured` for an unknown source or credentials that can't work, `refused` for what is not a
   * repository's name.
   */
  repository(source: string, fullName: string): Promise<RepositoryApi | undefined>;
  /** The same of the source itself. */
  source(name: string): Promise<SourceApi | undefined>;
}

/** What {@link createProviders} needs. */
export interface ProvidersOptions {
  readonly config: { readonly sources: Sources };
  readonly log: Logger;
  /** Asked at each call: what ends it before its time. */
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

/** Returns access to the APIs of the configured sources. Loads none of them yet. */
export function createProviders({ config, ...shared }: ProvidersOptions): Providers {
  const made = new Map<string, Promise<SourceApi | undefined>>();

  async function source(name: string): Promise<SourceApi | undefined> {
    const source = namedSource(config, name);
    if (!hasApiCredentials(source)) return undefined;
    const known = made.get(name);
    if (known) return known;
    const api = createApi({ ...shared, name, source });
    made.set(name, api);
    // Else one failure to load the code would last as long as the process.
    api.catch(() => made.delete(name));
    return api;
  }

  return { source, repository: async (name, fullName) => (await source(name))?.repository(fullName) };
}

async function createApi(options: ApiOptions<GitSource>): Promise<SourceApi | undefined> {
  const provider: Pick<GitProvider<GitSource>, 'api'> = PROVIDERS[options.source.kind];
  return provider.api?.(options);
}
