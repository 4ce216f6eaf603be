import { Context } from '@temporalio/activity';
import { ProviderError } from '../../providers/error.js';
import { createGithubClient, type GithubClient, type GithubRepository } from '../../providers/github/api/client.js';
import { namedSource } from '../../providers/named-source.js';
import type { ActivityDeps } from '../deps.js';
import { providerCall } from '../provider-call.js';

/**
 * Finds a repository of a GitHub source, whose requests fail as activities do. Throws `NotConfigured` for a source that
 * is not GitHub's or has no credentials, `Refused` for what is no repository's name.
 */
export type FindRepository = (of: { source: string; repository: string }) => Promise<GithubRepository>;

/** One client per source, made when it is first needed. */
export function createFindRepository({ config, log }: Pick<ActivityDeps, 'config' | 'log'>): FindRepository {
  const clients = new Map<string, GithubClient>();

  function clientOf(name: string): GithubClient {
    const known = clients.get(name);
    if (known) return known;
    const source = namedSource(config, name);
    if (source.kind !== 'github')
      throw new ProviderError(
        'not configured',
        `source ${name} is of kind ${source.kind}: GitHub's API is not to be had there`,
      );
    const client = createGithubClient({ name, source, log, signal: () => Context.current().cancellationSignal });
    clients.set(name, client);
    return client;
  }

  return async ({ source, repository }) => {
    const api = await providerCall(async () => clientOf(source).repository(repository));
    return {
      request: (route, parameters, options) => providerCall(() => api.request(route, parameters, options)),
    };
  };
}
