import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { checkedId, checkedLogin } from '../../names.js';
import type { Permission } from '../../permission.js';
import { id } from '../../shapes.js';
import type { GitlabConnection } from './connection.js';
import type { GitlabProject } from './project.js';

const memberSchema = z.object({ access_level: z.int(), state: z.string().nullish() });

/**
 * Returns the call that looks a person's permission up, which may come from a group. Who is not a member has `none`,
 * even in a public project. Sources: https://docs.gitlab.com/api/project_members/,
 * https://docs.gitlab.com/api/users/#list-users
 */
export function gitlabPermissionOf({ connection, path }: GitlabProject): NonNullable<RepositoryApi['permissionOf']> {
  return async (person) => permission(await accessLevel(connection, { of: path, person }));
}

/**
 * Returns the call that looks up whether a person is in a group, by its path, or in one above it. Source:
 * https://docs.gitlab.com/api/group_members/
 */
export function gitlabIsMember({ connection }: GitlabProject): NonNullable<RepositoryApi['isMember']> {
  return async (person, team) => {
    const of = `/groups/${encodeURIComponent(team)}`;
    // Minimal access is none to what the group has.
    return permission(await accessLevel(connection, { of, person })) !== 'none';
  };
}

/** Returns the level of a member of a project or a group; 0 for who is none, or is blocked. */
async function accessLevel(
  connection: GitlabConnection,
  { of, person }: { readonly of: string; readonly person: { readonly login: string; readonly id?: string } },
): Promise<number> {
  const login = checkedLogin(person.login);
  const userId = person.id ?? (await idOf(connection, login));
  if (userId === undefined) return 0;
  const response = await connection.send({ path: `${of}/members/all/${checkedId(userId)}`, accept: [404] });
  if (response.status === 404) return 0;
  const member = connection.read(memberSchema, response, 'member');
  return member.state && member.state !== 'active' ? 0 : member.access_level;
}

async function idOf(connection: GitlabConnection, login: string): Promise<string | undefined> {
  const { items } = await connection.list(
    { path: '/users', query: { username: login } },
    z.object({ id, username: z.string() }),
    { what: 'user', most: 100 },
  );
  return items.find(({ username }) => username.toLowerCase() === login.toLowerCase())?.id;
}

/** 5 is minimal access, 10 guest, 15 planner, 20 reporter, 30 developer, 40 maintainer, 50 owner. */
function permission(level: number): Permission {
  if (level >= 40) return 'admin';
  if (level >= 30) return 'write';
  return level >= 10 ? 'read' : 'none';
}
