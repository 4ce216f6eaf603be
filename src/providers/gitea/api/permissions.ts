import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedLogin, encodedSegment } from '../../names.js';
import { PERMISSIONS } from '../../permission.js';
import type { GiteaRepository } from './repository.js';

const NOT_ADMINISTRATOR =
  'the server answered 403 when it was asked what somebody may do in the repository: the account of the API token must be one of its administrators';

const permissionSchema = z.object({ permission: z.enum([...PERMISSIONS, 'owner']) });

const ownerSchema = z.object({ owner: z.object({ login: z.string() }).nullish() });

/**
 * Returns the call that looks a person's permission up. The account must be an administrator of the repository; one that
 * is none learns only that a person's own repository is theirs: whoever else may write, no other call tells. Source:
 * https://docs.gitea.com/api/ (repoGetRepoPermissions)
 */
export function giteaPermissionOf({ connection, path }: GiteaRepository): NonNullable<RepositoryApi['permissionOf']> {
  return async ({ login }) => {
    const response = await connection.send({
      path: `${path}/collaborators/${encodedSegment(checkedLogin(login))}/permission`,
      accept: [403, 404],
    });
    if (response.status === 404) return 'none';
    if (response.status === 403) {
      const { owner } = await connection.get({ path }, ownerSchema, 'repository');
      if (owner?.login.toLowerCase() === login.toLowerCase()) return 'admin';
      throw new ProviderError('not configured', NOT_ADMINISTRATOR, { status: 403 });
    }
    const { permission } = connection.read(permissionSchema, response, 'permission');
    return permission === 'owner' ? 'admin' : permission;
  };
}
