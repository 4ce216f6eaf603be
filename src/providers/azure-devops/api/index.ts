import { Secret } from '../../../secrets/secret.js';
import type { SourceApi } from '../../api.js';
import type { ApiOptions } from '../../provider.js';
import type { AzureDevopsSource } from '../settings.js';
import { ownIdentity } from './account.js';
import { azureChangedFiles } from './changed-files.js';
import { azureComments } from './comments.js';
import { azureCommitMessage } from './commits.js';
import { connectAzure } from './connection.js';
import { azureHooks } from './hooks.js';
import { azurePullRequest } from './pull-request.js';
import { azureRepository } from './repository.js';
import { azureRights } from './rights.js';
import { azureStatuses } from './statuses.js';

/** Makes the API of a source. Source: https://learn.microsoft.com/rest/api/azure/devops/git/ */
export function createAzureDevopsApi(options: ApiOptions<AzureDevopsSource>): SourceApi {
  const connection = connectAzure(options);
  const { issuedToken } = connection;
  const own = ownIdentity(connection);
  return {
    repository(fullName) {
      const repository = azureRepository(fullName, { connection, url: options.source.url });
      return {
        ...azureStatuses(repository),
        ...azureComments(repository, own),
        changedFiles: azureChangedFiles(repository),
        pullRequest: azurePullRequest(repository),
        commitMessage: azureCommitMessage(repository),
        ...(issuedToken && {
          gitToken: async () => ({ token: new Secret(await issuedToken()), isBearer: true }),
        }),
        rights: azureRights(repository),
      };
    },
    account: async () => ({ login: await own.login() }),
    hooks: azureHooks(connection),
  };
}
