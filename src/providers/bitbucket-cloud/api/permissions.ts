import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { PERMISSIONS } from '../../permission.js';
import { accountSchema } from '../shapes.js';
import type { CloudRepository } from './repository.js';

/** How many people with a permission are read at most. */
const MAX_PEOPLE = 5_000;

const permissionSchema = z.object({ permission: z.enum(PERMISSIONS), user: accountSchema.nullish() });

/**
 * Returns what asks for the highest permission that somebody has, by themselves or through a group. Names are not
 * unique at Bitbucket, so somebody without an id has none. Only an administrator of the repository may ask. Source:
 * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/#api-workspaces-workspace-permissions-repositories-repo-slug-get
 */
export function cloudPermissionOf({
  connection,
  workspace,
  slug,
}: CloudRepository): NonNullable<RepositoryApi['permissionOf']> {
  return async ({ id }) => {
    if (id === undefined || !/^[\w:.-]{1,128}$/.test(id)) return 'none';
    const path = `/workspaces/${workspace}/permissions/repositories/${slug}`;
    const isIt = ({ user }: z.output<typeof permissionSchema>) => user?.account_id === id;
    const list = (query: Record<string, string>) =>
      connection.list({ path, query }, permissionSchema, {
        what: 'permission',
        most: MAX_PEOPLE,
        enough: (page) => page.some(isIt),
      });
    const { items } = await list({ q: `user.account_id="${id}"` }).catch((error: unknown) => {
      // Which of a user's fields a query may name is not documented.
      if (error instanceof ProviderError && error.status === 400) return list({});
      throw error;
    });
    return items.find(isIt)?.permission ?? 'none';
  };
}
