import { z } from 'zod';
import type { Request } from '../../../http/json-client.js';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import type { Right } from '../../permission.js';
import type { GiteaRepository } from './repository.js';

const aboutSchema = z.object({
  permissions: z.object({ admin: z.boolean().nullish(), push: z.boolean().nullish() }).nullish(),
});

const NO_COMMIT = '0'.repeat(40);

/**
 * Returns the call that tells what the account's role and the token's scopes allow. No call lists the scopes, but they are
 * checked before what is sent: a body that can't be read is answered 422 where they suffice, and 403 where not.
 *
 * Source: https://docs.gitea.com/development/oauth2-provider#scopes
 */
export function giteaRights({ connection, path }: GiteaRepository): NonNullable<RepositoryApi['rights']> {
  const isAllowed = async (request: Request): Promise<boolean | undefined> => {
    try {
      await connection.send({ method: 'POST', body: [], ...request });
      return true;
    } catch (error) {
      if (!(error instanceof ProviderError) || error.status === undefined) throw error;
      if (error.status >= 500) return undefined;
      return ![401, 403, 404].includes(error.status);
    }
  };
  return async () => {
    const { permissions } = await connection.get({ path }, aboutSchema, 'repository');
    const statuses =
      permissions?.push === false
        ? lacking('statuses', 'its account may not write to the repository')
        : rightOf('statuses', await isAllowed({ path: `${path}/statuses/${NO_COMMIT}` }), 'the scope write:repository');
    const comments = await isAllowed({ path: `${path}/issues/0/comments` });
    const commands: Right =
      permissions?.admin === false
        ? lacking('commands', 'its account is no administrator of the repository; only of its owner it is known')
        : { use: 'commands', has: permissions?.admin ?? undefined };
    return [statuses, rightOf('comments', comments, 'the scope write:issue'), commands];
  };
}

function rightOf(use: Right['use'], has: boolean | undefined, scope: string): Right {
  return has === false ? lacking(use, `its token lacks ${scope}`) : { use, has };
}

function lacking(use: Right['use'], lacks: string): Right {
  return { use, has: false, lacks };
}
