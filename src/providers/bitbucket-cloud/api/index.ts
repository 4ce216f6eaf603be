import type { SourceApi } from '../../api.js';
import type { ApiOptions } from '../../provider.js';
import { personOf } from '../credentials.js';
import type { BitbucketCloudSource } from '../settings.js';
import { ownAccount } from './account.js';
import { cloudAnnotate } from './annotations.js';
import { cloudChangedFiles } from './changed-files.js';
import { cloudComments } from './comments.js';
import { cloudCommitMessage, cloudResolveCommit } from './commits.js';
import { connectCloud } from './connection.js';
import { cloudHooks } from './hooks.js';
import { cloudPermissionOf } from './permissions.js';
import { cloudPullRequest } from './pull-request.js';
import { cloudNameOf, cloudRepository } from './repository.js';
import { cloudRights } from './rights.js';
import { cloudState } from './state.js';
import { cloudStatuses } from './statuses.js';

/** Makes the API of a source. Source: https://developer.atlassian.com/cloud/bitbucket/rest/intro/ */
export function createBitbucketCloudApi(options: ApiOptions<BitbucketCloudSource>): SourceApi {
  const { source } = options;
  const connection = connectCloud(options);
  const own = ownAccount(connection, source);
  return {
    repository(fullName) {
      const repository = cloudRepository(fullName, { connection, url: source.url });
      return {
        ...cloudStatuses(repository),
        annotate: cloudAnnotate(repository),
        ...cloudComments(repository, own),
        changedFiles: cloudChangedFiles(repository),
        pullRequest: cloudPullRequest(repository),
        resolveCommit: cloudResolveCommit(repository),
        commitMessage: cloudCommitMessage(repository),
        permissionOf: cloudPermissionOf(repository),
        rights: cloudRights(repository),
        hooks: cloudHooks(repository),
        state: cloudState(repository),
      };
    },
    nameOf: cloudNameOf(connection),
    // Only a person's token may ask whom it belongs to.
    ...(personOf(source) !== undefined && { account: async () => ({ login: await own.login() }) }),
  };
}
