import type { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import type { Permission } from '../../permission.js';
import { userSchema } from '../shapes.js';
import { CORE, type DataCenterRepository } from './repository.js';

/** How many users are read at most whose name, display name or e-mail address contains the login. */
const MAX_PEOPLE = 1_000;

/** Bitbucket's permissions, the highest first. Each includes those after it. */
const LEVELS: readonly (readonly [name: string, Permission])[] = [
  ['REPO_ADMIN', 'admin'],
  ['REPO_WRITE', 'write'],
  ['REPO_READ', 'read'],
];

/**
 * Returns what asks for the permission that somebody has by themselves, through a group or a project, or as an
 * administrator of the server. The lists of a repository's own permissions leave most of that out, so the server is
 * asked which users have a permission there. Source: https://developer.atlassian.com/server/bitbucket/rest/ (GET
 * /api/latest/users, Permission Filters)
 */
export function dataCenterPermissionOf({
  connection,
  projectKey,
  slug,
}: DataCenterRepository): NonNullable<RepositoryApi['permissionOf']> {
  return async ({ login, id }) => {
    if (login === '' || login.length > 255) return 'none';
    const isIt = (user: z.output<typeof userSchema>) =>
      user.name?.toLowerCase() === login.toLowerCase() && (id === undefined || user.id === id);
    for (const [level, permission] of LEVELS) {
      const query = {
        filter: login,
        'permission.1': level,
        'permission.1.projectKey': projectKey,
        'permission.1.repositorySlug': slug,
      };
      const { items } = await connection.list({ path: `${CORE}/users`, query }, userSchema, {
        what: 'user',
        most: MAX_PEOPLE,
        enough: (page) => page.some(isIt),
      });
      if (items.some(isIt)) return permission;
    }
    return 'none';
  };
}
