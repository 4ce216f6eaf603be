import { generateKeyPairSync } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { rightsFindings } from '../../src/cli/client/doctor/rights-findings.js';
import { createProviders } from '../../src/providers/apis.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { type GitSource, isGitSource } from '../../src/providers/source.js';
import { configOf } from '../support/harness/config.js';
import { type LocalServer, type Reply, startServer } from '../support/harness/http-server.js';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
let server: LocalServer | undefined;
afterEach(() => server?.close());

type Answers = Readonly<Record<string, Reply>>;
const ok = (body: object = {}, headers: Record<string, string> = {}): Reply => ({ status: 200, body, headers });

/** What doctor says of the rights of `acme/shop`, where the provider answers these and 404 to all else. */
async function findings(
  kind: GitSource['kind'],
  answers: Answers,
  { isSeen = false, annotates = true, app = false } = {},
) {
  server = await startServer(({ method, path }) => answers[`${method} ${path}`] ?? { status: 404, body: {} });
  const here = {
    kind,
    url: 'https://code.example',
    secrets: [{ env: 'S' }],
    api: { url: server.url, ...(app ? { app: { id: 4711, privateKey: { env: 'K' } } } : { token: { env: 'T' } }) },
  };
  const values = { S: 'a webhook secret', T: 'canary-token', K: privateKey };
  const config = configOf({ sources: { here } } as never, values);
  const source = config.sources.here;
  if (!source || !isGitSource(source)) throw new Error('no source');
  const api = await createProviders({ config, log: pino({ level: 'silent' }) }).repository('here', 'acme/shop');
  if (!api) throw new Error('no API');
  const said = await rightsFindings({ api, needs: PROVIDERS[source.kind].facts.rights, isSeen, annotates });
  return said.map(({ level, says, advice }) => `${level}: ${says}${advice ? ` → ${advice}` : ''}`);
}

const ZERO = '0'.repeat(40);
const GITEA = '/api/v1/repos/acme/shop';
const gitea = (role: object, statuses: number, comments: number): Answers => ({
  [`GET ${GITEA}`]: ok({ permissions: role }),
  [`POST ${GITEA}/statuses/${ZERO}`]: { status: statuses, body: {} },
  [`POST ${GITEA}/issues/0/comments`]: { status: comments, body: {} },
});
const GITHUB = '/repos/acme/shop';
const github = (push: boolean, scopes?: string): Answers => ({
  [`GET ${GITHUB}`]: ok(
    { private: true, permissions: { push } },
    scopes === undefined ? {} : { 'x-oauth-scopes': scopes },
  ),
});
const GITLAB = '/api/v4/projects/acme/shop';
const gitlab = (level: number, scopes: readonly string[]): Answers => ({
  [`GET ${GITLAB}`]: ok({ id: 1 }),
  'GET /api/v4/user': ok({ id: 7, username: 'hooky' }),
  'GET /api/v4/personal_access_tokens/self': ok({ scopes }),
  [`GET ${GITLAB}/members/all/7`]: level > 0 ? ok({ access_level: level }) : { status: 404, body: {} },
});
const CLOUD = '/repositories/acme/shop';
const cloud = (scopes: string, permissions: number): Answers => ({
  [`GET ${CLOUD}`]: ok({}, { 'x-oauth-scopes': scopes }),
  'GET /workspaces/acme/permissions/repositories/shop': { status: permissions, body: {} },
});
const server7 = (users: number): Answers => ({
  'GET /api/latest/projects/acme/repos/shop': ok(),
  'GET /api/latest/users': { status: users, body: {} },
});
const all = { admin: true, push: true, pull: true };

test.each([
  ['gitea', 'all rights', gitea(all, 422, 422), []],
  ['forgejo', 'all rights', gitea(all, 422, 422), []],
  ['gitea', 'no scope to write', gitea(all, 403, 403), ['statuses.*write:repository', 'comments.*write:issue']],
  ['gitea', 'the role of a writer', gitea({ admin: false, push: true }, 422, 422), ['commands.*no administrator']],
  [
    'gitea',
    'the role of a reader',
    gitea({ admin: false, push: false }, 422, 422),
    ['statuses.*may not write', 'commands'],
  ],
  ['github', 'all rights', github(true, 'repo, read:org'), []],
  ['github', 'the scope for statuses alone', github(true, 'repo:status'), ['comments.*scope repo']],
  ['github', 'no scope', github(true, ''), ['statuses.*repo:status', 'comments']],
  ['github', 'the role of a reader', github(false, 'repo'), ['statuses.*may not write', 'commands']],
  ['github', 'a fine-grained token', github(true), []],
  ['gitlab', 'all rights', gitlab(40, ['api']), []],
  ['gitlab', 'a token that only reads', gitlab(40, ['read_api']), ['statuses.*"api"', 'comments.*"api"']],
  ['gitlab', 'the role of a reporter', gitlab(20, ['api']), ['statuses.*a developer']],
  ['gitlab', 'no role', gitlab(0, ['api']), ['statuses', 'comments', 'commands.*any member']],
  ['bitbucket-cloud', 'all rights', cloud('repository:write, pullrequest:write', 200), []],
  ['bitbucket-cloud', 'an API token', cloud('read:repository:bitbucket, write:pullrequest:bitbucket', 200), []],
  ['bitbucket-cloud', 'no administrator', cloud('repository', 403), ['comments.*pullrequest', 'commands.*permissions']],
  ['bitbucket-data-center', 'all rights', server7(200), []],
  ['bitbucket-data-center', 'no administrator', server7(403), ['commands.*permissions']],
] as const)('doctor tests the rights of %s: with %s', async (kind, _, answers, problems) => {
  const said = await findings(kind, answers);
  const found = said.filter((line) => !line.startsWith('ok'));
  expect(found).toHaveLength(problems.length);
  for (const [index, problem] of problems.entries())
    expect(found[index]).toMatch(new RegExp(`^problem: .*${problem}.* → the credentials need `));
});

test.each(['gitea', 'forgejo', 'github', 'gitlab', 'bitbucket-cloud', 'bitbucket-data-center'] as const)(
  'a repository of %s that the credentials do not see is a problem, unless its webhooks show that they do',
  async (kind) => {
    expect(await findings(kind, {})).toEqual([
      expect.stringMatching(/^problem: its credentials do not see the repository/),
    ]);
    await server?.close();
    expect(await findings(kind, {}, { isSeen: true })).toEqual([]);
  },
);

const installed = (permissions: Record<string, string>): Answers => ({
  [`GET ${GITHUB}/installation`]: ok({ id: 7, permissions: { metadata: 'read', issues: 'write', ...permissions } }),
});

test.each([['write'], ['read'], [undefined]])(
  'an app with the permission "checks: %s" may annotate or not, which is told where automations listen',
  async (checks) => {
    const answers = installed({ statuses: 'write', ...(checks && { checks }) });
    const lacking =
      /^warn: failing tests .* in a comment on the pull request.*"checks" → the credentials need "Checks: read and write"/;
    const [may = '', ...others] = await findings('github', answers, { app: true });
    expect(may.includes('show problems at their lines')).toBe(checks === 'write');
    expect(others).toEqual(checks === 'write' ? [] : [expect.stringMatching(lacking)]);
    await server?.close();
    expect(await findings('github', answers, { app: true, annotates: false })).toEqual([
      'ok: its credentials may report statuses, comment, ask who may give commands',
    ]);
  },
);

test('a provider that is away is no problem of the rights', async () => {
  expect(await findings('gitea', { [`GET ${GITEA}`]: { status: 503 } })).toEqual([
    expect.stringMatching(/^warn: .*503/),
  ]);
});

test.each(['azure-devops', 'gogs'] as const)('commands of %s are said to be carried out for nobody', async (kind) => {
  expect(await findings(kind, {})).toContainEqual(
    expect.stringContaining('comment commands are answered, and not carried out'),
  );
});

test('commands of a provider that tells who may give them are not spoken of so', async () => {
  expect(await findings('gitea', gitea({ push: true }, 400, 400))).not.toContainEqual(
    expect.stringContaining('comment commands are answered, and not'),
  );
});
