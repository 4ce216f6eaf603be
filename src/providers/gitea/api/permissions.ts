import { z } from 'zod';
import { PERMISSIONS, type RepositoryApi } from '../../api.js';
import { checkedLogin, encodedSegment } from '../../names.js';
import type { GiteaRepository } from './repository.js';

const permissionSchema = z.object({ permission: z.enum([...PERMISSIONS, 'owner']) });

/**
 * Returns the call that looks a person's permission up. The account must be an administrator of the repository. Source:
 * https://docs.gitea.com/api/ (repoGetRepoPermissions)
 */
export function giteaPermissionOf({ connection, path }: GiteaRepository): NonNullable<RepositoryApi['permissionOf']> {
  return async ({ login }) => {
    const response = await connection.send({
      path: `${path}/collaborators/${encodedSegment(checkedLogin(login))}/permission`,
      accept: [404],
    });
    if (response.status === 404) return 'none';
    const { permission } = connection.read(permissionSchema, response, 'permission');
    return permission === 'owner' ? 'admin' : permission;
  };
}
