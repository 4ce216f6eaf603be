import { z } from 'zod';
import { PERMISSIONS, type RepositoryApi } from '../../api.js';
import { parseResponse } from '../../parse.js';
import { id } from '../../shapes.js';
import type { GithubRepository } from './client.js';
import { checkLogin } from './repository.js';

/** GitHub counts `maintain` as write here, and `triage` as read. */
const permissionSchema = z.object({
  permission: z.enum(PERMISSIONS),
  user: z.object({ id }).nullish(),
});

/** Source: https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
export function permissions(api: GithubRepository): Required<Pick<RepositoryApi, 'permissionOf'>> {
  return {
    async permissionOf({ login, id: userId }) {
      const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
      const { status, data } = await api.request(route, { username: checkLogin(login) }, { accept: [404] });
      if (status === 404) return 'none';
      const { permission, user } = parseResponse(permissionSchema, data, { what: `GitHub's answer to ${route}` });
      // A login that was given up may belong to somebody else by now.
      return userId !== undefined && user && user.id !== userId ? 'none' : permission;
    },
  };
}
