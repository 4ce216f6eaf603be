import { Secret } from '../../../secrets/secret.js';
import type { SourceApi } from '../../api.js';
import type { ApiOptions } from '../../provider.js';
import type { GithubSource } from '../settings.js';
import { annotations } from './annotations.js';
import { builds } from './builds.js';
import { changedFiles } from './changed-files.js';
import { checkSuites } from './check-suites.js';
import { createGithubClient } from './client.js';
import { comments } from './comments.js';
import { commits } from './commits.js';
import { hooks } from './hooks.js';
import { nameOf } from './name-of.js';
import { ownerAndRepo } from './names.js';
import { appHooks, organisationHooks } from './organisation-hooks.js';
import { permissions, teams } from './permissions.js';
import { pullRequests } from './pull-request.js';
import { rights } from './rights.js';
import { statuses } from './statuses.js';

/**
 * Returns the API of GitHub, GitHub Enterprise Server or Enterprise Cloud. Throws {@link ProviderError} (`not
 * configured`) for credentials that can't work.
 */
export function createGithubApi(options: ApiOptions<GithubSource>): SourceApi {
  const client = createGithubClient(options);
  const { gitToken } = client;
  let own = options.source.api?.account;

  /** The configured account goes first, because an installation's token can't ask for its own. */
  async function ownLogin(): Promise<string> {
    own ??= await client.login();
    return own;
  }

  return {
    repository(fullName) {
      const api = client.repository(fullName);
      return {
        ...statuses(api),
        // Only an app may make check runs.
        ...(client.app && annotations(api)),
        ...comments(api, ownLogin),
        ...changedFiles(api),
        ...pullRequests(api),
        ...commits(api),
        ...checkSuites(api),
        ...permissions(api),
        ...teams(api),
        ...rights(api, client.app && { connection: client.app, ...ownerAndRepo(fullName) }),
        ...builds(api),
        hooks: hooks(api),
        ...(gitToken && { gitToken: async () => ({ token: new Secret(await gitToken(fullName)) }) }),
      };
    },
    ...(client.anywhere && { nameOf: nameOf(client.anywhere) }),
    account: async () => ({ login: await client.login() }),
    ...(client.app && { hooks: appHooks(client.app) }),
    organisation: (name) => organisationHooks(client.organisation(name)),
  };
}
