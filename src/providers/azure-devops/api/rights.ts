import type { RepositoryApi } from '../../api.js';
import type { AzureRepository } from './repository.js';

/**
 * Returns the call that tells whether the token sees the repository. Azure DevOps tells no scopes of a token. Source:
 * https://learn.microsoft.com/rest/api/azure/devops/git/repositories/get-repository
 */
export function azureRights({ connection, path }: AzureRepository): NonNullable<RepositoryApi['rights']> {
  return async () => {
    await connection.send({ path });
    return [
      { use: 'statuses', has: undefined },
      { use: 'comments', has: undefined },
    ];
  };
}
