import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { checkedId, checkedLogin } from '../../names.js';
import type { Permission } from '../../permission.js';
import { id } from '../../shapes.js';
import type { GitlabProject } from './project.js';

const memberSchema = z.object({ access_level: z.int(), state: z.string().nullish() });

/**
 * Returns the call that looks a person's permission up, which may come from a group. Who is not a member has `none`,
 * even in a public project. Sources: https://docs.gitlab.com/api/project_members/,
 * https://docs.gitlab.com/api/users/#list-users
 */
export function gitlabPermissionOf({ connection, path }: GitlabProject): NonNullable<RepositoryApi['permissionOf']> {
  async function idOf(login: string): Promise<string | undefined> {
    const { items } = await connection.list(
      { path: '/users', query: { username: login } },
      z.object({ id, username: z.string() }),
      { what: 'user', most: 100 },
    );
    return items.find(({ username }) => username.toLowerCase() === login.toLowerCase())?.id;
  }

  return async (person) => {
    const login = checkedLogin(person.login);
    const userId = person.id ?? (await idOf(login));
    if (userId === undefined) return 'none';
    const response = await connection.send({ path: `${path}/members/all/${checkedId(userId)}`, accept: [404] });
    if (response.status === 404) return 'none';
    const member = connection.read(memberSchema, response, 'member');
    return member.state && member.state !== 'active' ? 'none' : permission(member.access_level);
  };
}

/** 5 is minimal access, 10 guest, 15 planner, 20 reporter, 30 developer, 40 maintainer, 50 owner. */
function permission(level: number): Permission {
  if (level >= 40) return 'admin';
  if (level >= 30) return 'write';
  return level >= 10 ? 'read' : 'none';
}
