import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import type { Right } from '../../permission.js';
import { id } from '../../shapes.js';
import type { GitlabProject } from './project.js';

const userSchema = z.object({ id, is_admin: z.boolean().nullish() });
const tokenSchema = z.object({ scopes: z.array(z.string()) });
const memberSchema = z.object({ access_level: z.int() });

/** The lowest role for each use, and what it is called. */
const ROLES: Readonly<Record<'statuses' | 'comments' | 'commands', readonly [level: number, role: string]>> = {
  statuses: [30, 'a developer'],
  comments: [20, 'a reporter'],
  commands: [10, 'any member'],
};

/**
 * Returns the call that tells what the account's role and the token's scopes allow. Sources:
 * https://docs.gitlab.com/api/personal_access_tokens/#self-inform, https://docs.gitlab.com/user/permissions/
 */
export function gitlabRights({ connection, path }: GitlabProject): NonNullable<RepositoryApi['rights']> {
  return async () => {
    await connection.send({ path });
    const me = await connection.get({ path: '/user' }, userSchema, 'user');
    const token = await connection.send({ path: '/personal_access_tokens/self', accept: [400, 401, 403, 404] });
    // A token of another kind: its scopes are not told.
    const scopes = token.status === 200 ? connection.read(tokenSchema, token, 'token').scopes : undefined;
    const member = await connection.send({ path: `${path}/members/all/${me.id}`, accept: [403, 404] });
    const level = member.status === 200 ? connection.read(memberSchema, member, 'member').access_level : 0;
    return (Object.keys(ROLES) as (keyof typeof ROLES)[]).map((use): Right => {
      const [needed, role] = ROLES[use];
      const takes = use === 'commands' ? ['api', 'read_api'] : ['api'];
      if (scopes && !takes.some((scope) => scopes.includes(scope)))
        return { use, has: false, lacks: `its token lacks the scope "${takes[0]}"` };
      if (me.is_admin || level >= needed) return { use, has: scopes ? true : undefined };
      return { use, has: false, lacks: `its account has not the role of ${role} in the project` };
    });
  };
}
