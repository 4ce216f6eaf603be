import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedId, checkedLogin, encodedSegment, ownerAndName } from '../../names.js';
import { PERMISSIONS } from '../../permission.js';
import { id } from '../../shapes.js';
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

const teamSchema = z.object({ id, name: z.string() });

/** Of one organisation. */
const MAX_TEAMS = 1_000;

/**
 * Returns the call that looks up whether a person is in a team of an organisation. The teams are listed, since a search finds only
 * those that the account itself is in. Sources: https://docs.gitea.com/api/ (orgListTeams, orgListTeamMember),
 * https://github.com/go-gitea/gitea/issues/22101
 */
export function giteaIsMember({ connection }: GiteaRepository): NonNullable<RepositoryApi['isMember']> {
  return async ({ login }, team) => {
    const { owner: organisation, repo: name } = ownerAndName(team);
    const isIt = (one: z.output<typeof teamSchema>) => one.name.toLowerCase() === name.toLowerCase();
    const { items } = await connection.list({ path: `/orgs/${encodedSegment(organisation)}/teams` }, teamSchema, {
      what: 'team',
      most: MAX_TEAMS,
      enough: (page) => page.some(isIt),
    });
    const found = items.find(isIt);
    if (!found) throw new ProviderError('not configured', `there is no team ${team}, or the account may not see it`);
    const member = `/teams/${checkedId(found.id)}/members/${encodedSegment(checkedLogin(login))}`;
    return (await connection.send({ path: member, accept: [404] })).status !== 404;
  };
}
