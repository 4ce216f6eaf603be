import type { RepositoryApi } from '../../api.js';
import { CORE, type DataCenterRepository } from './repository.js';

/**
 * Returns the call that tells what the account may do: who sees the repository may write statuses and comments, and its
 * administrators may ask for permissions. Source: https://developer.atlassian.com/server/bitbucket/rest/
 */
export function dataCenterRights({
  connection,
  path,
  projectKey,
  slug,
}: DataCenterRepository): NonNullable<RepositoryApi['rights']> {
  return async () => {
    await connection.send({ path: `${CORE}${path}` });
    const query = {
      limit: 1,
      'permission.1': 'REPO_READ',
      'permission.1.projectKey': projectKey,
      'permission.1.repositorySlug': slug,
    };
    const { status } = await connection.send({ path: `${CORE}/users`, query, accept: [401, 403, 404] });
    return [
      { use: 'statuses', has: true },
      { use: 'comments', has: true },
      status === 200
        ? { use: 'commands', has: true }
        : { use: 'commands', has: false, lacks: 'its account may not ask for permissions of the repository' },
    ];
  };
}
