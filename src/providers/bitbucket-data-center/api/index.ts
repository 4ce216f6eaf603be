import type { SourceApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import type { ApiOptions } from '../../provider.js';
import type { BitbucketDataCenterSource } from '../settings.js';
import { dataCenterAnnotate } from './annotations.js';
import { dataCenterChangedFiles } from './changed-files.js';
import { dataCenterComments } from './comments.js';
import { dataCenterCommitMessage, dataCenterResolveCommit } from './commits.js';
import { connectDataCenter } from './connection.js';
import { dataCenterHooks } from './hooks.js';
import { dataCenterPermissionOf } from './permissions.js';
import { dataCenterPullRequest } from './pull-request.js';
import { CORE, dataCenterNameOf, dataCenterRepository } from './repository.js';
import { dataCenterRights } from './rights.js';
import { dataCenterState } from './state.js';
import { dataCenterStatuses } from './statuses.js';

/** Makes the API of a source. Source: https://developer.atlassian.com/server/bitbucket/rest/ */
export function createBitbucketDataCenterApi(options: ApiOptions<BitbucketDataCenterSource>): SourceApi {
  const { name, source } = options;
  const connection = connectDataCenter(options);
  return {
    repository(fullName) {
      const repository = dataCenterRepository(fullName, { connection, url: source.url });
      return {
        ...dataCenterStatuses(repository),
        annotate: dataCenterAnnotate(repository),
        ...dataCenterComments(repository),
        changedFiles: dataCenterChangedFiles(repository),
        pullRequest: dataCenterPullRequest(repository),
        resolveCommit: dataCenterResolveCommit(repository),
        commitMessage: dataCenterCommitMessage(repository),
        permissionOf: dataCenterPermissionOf(repository),
        rights: dataCenterRights(repository),
        hooks: dataCenterHooks(repository),
        state: dataCenterState(repository),
      };
    },
    nameOf: dataCenterNameOf(connection),
    async account() {
      // Only a logged-in user may list users.
      await connection.send({ path: `${CORE}/users`, query: { limit: 1 } });
      const login = connection.own();
      if (login !== undefined) return { login };
      throw new ProviderError(
        'not configured',
        `the API of source ${name} does not name the user of its credentials: set sources.${name}.api.token to an HTTP access token`,
      );
    },
  };
}
