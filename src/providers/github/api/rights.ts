import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { parseResponse } from '../../parse.js';
import type { Right } from '../../permission.js';
import type { GithubConnection } from './client.js';

const aboutSchema = z.object({
  private: z.boolean().nullish(),
  permissions: z.object({ push: z.boolean().nullish() }).nullish(),
});
const installationSchema = z.object({ permissions: z.record(z.string(), z.string()).nullish() });

const NO_WRITER = 'its account may not write to the repository';

/**
 * Returns the call that tells what a token's scopes and its account's role allow, or an app's permissions. A fine-grained
 * token's permissions are not told. Sources:
 * https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps,
 * https://docs.github.com/en/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app
 */
export function rights(
  api: GithubConnection,
  app: { readonly connection: GithubConnection; readonly owner: string; readonly repo: string } | undefined,
): Required<Pick<RepositoryApi, 'rights'>> {
  return { rights: () => (app ? ofApp(app.connection, { owner: app.owner, repo: app.repo }) : ofToken(api)) };
}

async function ofToken(api: GithubConnection): Promise<readonly Right[]> {
  const route = 'GET /repos/{owner}/{repo}';
  const { data, scopes } = await api.request(route, {});
  const about = parseResponse(aboutSchema, data, { what: `GitHub's response to ${route}` });
  const whole = about.private === false ? ['repo', 'public_repo'] : ['repo'];
  const isWriter = about.permissions?.push ?? undefined;
  const scoped = (use: Right['use'], takes: readonly string[]): Right => {
    if (scopes === undefined) return { use, has: undefined };
    if (takes.some((scope) => scopes.includes(scope))) return { use, has: true };
    return { use, has: false, lacks: `its token lacks the scope ${takes.at(-1)}` };
  };
  const writer = (right: Right): Right =>
    isWriter === false ? { use: right.use, has: false, lacks: NO_WRITER } : right;
  return [
    writer(scoped('statuses', [...whole, 'repo:status'])),
    scoped('comments', whole),
    writer({ use: 'commands', has: isWriter }),
  ];
}

async function ofApp(app: GithubConnection, where: { owner: string; repo: string }): Promise<readonly Right[]> {
  const route = 'GET /repos/{owner}/{repo}/installation';
  const { data } = await app.request(route, where);
  const { permissions } = parseResponse(installationSchema, data, { what: `GitHub's response to ${route}` });
  const may = (use: Right['use'], [permission, ...others]: readonly [string, ...string[]], level: RegExp): Right => {
    if (!permissions) return { use, has: undefined };
    if ([permission, ...others].some((name) => level.test(permissions[name] ?? ''))) return { use, has: true };
    return { use, has: false, lacks: `the app lacks the permission "${permission}"` };
  };
  return [
    may('statuses', ['statuses'], /^write$/),
    may('comments', ['pull_requests', 'issues'], /^write$/),
    may('commands', ['metadata'], /^(?:read|write)$/),
    may('annotations', ['checks'], /^write$/),
  ];
}
