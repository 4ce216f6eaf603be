import type { SourceApi } from '../../api.js';
import { builds } from './builds.js';
import { changedFiles } from './changed-files.js';
import { createGithubClient, type GithubOptions } from './client.js';
import { comments } from './comments.js';
import { commits } from './commits.js';
import { hooks } from './hooks.js';
import { appHooks, organisationHooks } from './organisation-hooks.js';
import { permissions } from './permissions.js';
import { pullRequests } from './pull-request.js';
import { statuses } from './statuses.js';

/**
 * GitHub, GitHub Enterprise Server and Enterprise Cloud. Throws {@link ProviderError} (`not configured`) for credentials
 * that can't work.
 */
export function createGithubApi(options: GithubOptions): SourceApi {
  const client = createGithubClient(options);
  let own = options.source.api?.account;

  /** An installation's token can not ask whose it is, so what is configured goes first. */
  async function ownLogin(): Promise<string> {
    own ??= await client.login();
    return own;
  }

  return {
    repository(fullName) {
      const api = client.repository(fullName);
      return {
        ...statuses(api),
        ...comments(api, ownLogin),
        ...changedFiles(api),
        ...pullRequests(api),
        ...commits(api),
        ...permissions(api),
        ...builds(api),
        hooks: hooks(api),
      };
    },
    account: async () => ({ login: await client.login() }),
    ...(client.app && { hooks: appHooks(client.app) }),
    organisation: (name) => organisationHooks(client.organisation(name)),
  };
}
