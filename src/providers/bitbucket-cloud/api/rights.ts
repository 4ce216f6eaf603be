import type { RepositoryApi } from '../../api.js';
import type { Right } from '../../permission.js';
import type { CloudRepository } from './repository.js';

/**
 * Returns the call that tells what the token's scopes allow, which each answer names, and whether the account may ask for
 * permissions. Source: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication
 */
export function cloudRights({
  connection,
  path,
  workspace,
  slug,
}: CloudRepository): NonNullable<RepositoryApi['rights']> {
  return async () => {
    const { headers } = await connection.send({ path });
    const scopes = headers['x-oauth-scopes']?.split(',').map((scope) => scope.trim());
    const scoped = (use: Right['use'], what: string): Right => {
      // `repository:write`, or `write:repository:bitbucket`.
      const has = scopes?.some((scope) => scope.split(':').includes(what));
      return { use, has, ...(has === false && { lacks: `its token lacks the scope ${what}` }) };
    };
    const permissions = `/workspaces/${workspace}/permissions/repositories/${slug}`;
    const { status } = await connection.send({ path: permissions, query: { pagelen: 1 }, accept: [401, 403, 404] });
    const commands: Right =
      status === 200
        ? { use: 'commands', has: true }
        : { use: 'commands', has: false, lacks: 'its account may not ask for permissions of the repository' };
    return [scoped('statuses', 'repository'), scoped('comments', 'pullrequest'), commands];
  };
}
