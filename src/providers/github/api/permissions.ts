import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { parseResponse } from '../../parse.js';
import { PERMISSIONS } from '../../permission.js';
import { id } from '../../shapes.js';
import type { GithubConnection } from './client.js';
import { checkedLogin, ownerAndRepo } from './names.js';

/** GitHub counts `maintain` as write here, and `triage` as read. */
const permissionSchema = z.object({
  permission: z.enum(PERMISSIONS),
  user: z.object({ id }).nullish(),
});

/**
 * Returns the call that looks a person's permission up. Source:
 * https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 */
export function permissions(api: GithubConnection): Required<Pick<RepositoryApi, 'permissionOf'>> {
  return {
    async permissionOf({ login, id: userId }) {
      const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
      const { status, data } = await api.request(route, { username: checkedLogin(login) }, { accept: [404] });
      if (status === 404) return 'none';
      const { permission, user } = parseResponse(permissionSchema, data, { what: `GitHub's response to ${route}` });
      // Somebody else may have taken a login that was given up.
      return userId !== undefined && user && user.id !== userId ? 'none' : permission;
    },
  };
}

const membershipSchema = z.object({ state: z.string() });

/**
 * Returns the call that looks up whether a person is in a team, or in one below it. Who was only invited is not. The credentials
 * must see the organisation's teams (`read:org`, or an app's Members: read). Source:
 * https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user
 */
export function teams(api: GithubConnection): Required<Pick<RepositoryApi, 'isMember'>> {
  return {
    async isMember({ login }, team) {
      const { owner: org, repo: slug } = ownerAndRepo(team);
      const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
      const parameters = { org, team_slug: slug.toLowerCase(), username: checkedLogin(login) };
      const { status, data } = await api.request(route, parameters, { accept: [404] });
      if (status === 404) return false;
      return parseResponse(membershipSchema, data, { what: `GitHub's response to ${route}` }).state === 'active';
    },
  };
}
