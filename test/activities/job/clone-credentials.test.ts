import { generateKeyPairSync } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { sourceRemote } from '../../../src/activities/git/remote.js';
import type { ConfigInput } from '../../../src/config/index.js';
import { basic } from '../../../src/http/auth-headers.js';
import { startFakeGithub } from '../../support/fake-github/github.js';
import { failureOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { activity, type Jobs, openJobs, WORKFLOW } from '../../support/harness/jobs.js';
import { CLIENT, CLIENT_SECRET, startOauthServer, TENANT } from '../../support/oauth-server.js';
import { type GitServer, openGitServer } from './git-server.js';

/** As GitHub issues them since 2026: about 520 characters with two dots. */
const LONG = `ghs_4711_${'Ab3_'.repeat(40)}.${'Cd5-'.repeat(80)}.${'Ef7'.repeat(10)}`;
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhenVyZSJ9.c2lnbmF0dXJl';

type SourceInput = NonNullable<ConfigInput['sources']>[string];
const secrets = [{ env: 'HOOK' }];
const url = 'https://git.example';
const token = { env: 'TOKEN' };
const other = { env: 'OTHER' };

const cloud = (more: object) => ({ kind: 'bitbucket-cloud', secrets, ...more }) as SourceInput;
const azure = (more: object) => ({ kind: 'azure-devops', url, secrets, ...more }) as SourceInput;

describe('the user that git sends with a token', () => {
  const API = 'ATATT3xFfGF0canary';
  const ACCESS = 'ATCTT3xFfGN0canary';
  test.each<[string, SourceInput, Record<string, string>, string | undefined]>([
    ['github', { kind: 'github', secrets, api: { token } }, { TOKEN: LONG }, 'x-access-token'],
    ['gitlab', { kind: 'gitlab', secrets, api: { token } }, { TOKEN: 'glpat-x' }, 'oauth2'],
    ['gitea', { kind: 'gitea', url, secrets, api: { token } }, { TOKEN: 'x' }, 'x-access-token'],
    ['a data center', { kind: 'bitbucket-data-center', url, secrets, api: { token } }, { TOKEN: 'x' }, 'x-token-auth'],
    ['an access token', cloud({ api: { token } }), { TOKEN: ACCESS }, 'x-token-auth'],
    [
      'an access token with a needless name',
      cloud({ api: { token, username: 'a@b.c' } }),
      { TOKEN: ACCESS },
      'x-token-auth',
    ],
    ['an API token', cloud({ api: { token, username: 'a@b.c' } }), { TOKEN: API }, 'x-bitbucket-api-token-auth'],
    ['an API token without its name', cloud({ api: { token } }), { TOKEN: API }, 'x-bitbucket-api-token-auth'],
    ['a token with a name', cloud({ api: { token, username: 'a@b.c' } }), { TOKEN: 'x' }, 'x-bitbucket-api-token-auth'],
    ['a token without one', cloud({ api: { token } }), { TOKEN: 'x' }, 'x-token-auth'],
    [
      'an API token for clones beside an access token',
      cloud({ api: { token }, clone: { token: other } }),
      { TOKEN: ACCESS, OTHER: API },
      'x-bitbucket-api-token-auth',
    ],
    [
      'a token for clones beside an API token',
      cloud({ api: { token, username: 'a@b.c' }, clone: { token: other } }),
      { TOKEN: API, OTHER: 'x' },
      'x-token-auth',
    ],
    ['a personal token of Azure DevOps', azure({ api: { token } }), { TOKEN: 'pat' }, 'hookyard'],
    ['a token that Entra has issued', azure({ api: { token } }), { TOKEN: JWT }, undefined],
  ])('is right for %s', (_, source, values, username) => {
    const config = configOf({ sources: { here: source } }, { HOOK: 'x', ...values });
    expect(sourceRemote(config, { source: 'here', repository: 'acme/app' })).toMatchObject({ username });
  });
});

let server: GitServer;
let jobs: Jobs;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function open(
  authorization: string,
  source: (clone: { url: string }) => SourceInput,
  values: Record<string, string>,
) {
  server = await openGitServer(authorization);
  jobs = await openJobs(
    { sources: { github: source({ url: `${server.url}/{fullName}.git` }) } },
    { HOOK: 'x', ...values },
  );
  closers.push(server.close, jobs.close);
  server.root = join(jobs.folder, 'repositories');
  await jobs.commit({ 'word.txt': 'first\n' });
}
const sent = () => [...new Set(server.authorizations)];

test('an API token of Bitbucket Cloud clones under the name for such tokens', async () => {
  const authorization = basic('x-bitbucket-api-token-auth', 'ATATTcanary');
  await open(authorization, (clone) => cloud({ clone, api: { token, username: 'a@b.c' } }), { TOKEN: 'ATATTcanary' });
  expect(await jobs.run({ steps: ['cat word.txt'] })).toMatchObject({ passed: true, output: 'first' });
  expect(sent()).toEqual([authorization]);
});

test("an application's token clones by itself; the one after it goes on with the same mirror", async () => {
  const login = await startOauthServer();
  closers.push(login.close);
  login.lifetime = 0;
  const entra = { tenant: TENANT, clientId: CLIENT, clientSecret: { env: 'CLIENT' }, authority: login.url };
  await open('', (clone) => azure({ clone, api: { entra } }), { CLIENT: CLIENT_SECRET });
  server.accepts = (given) => login.issued.some((one) => given === `Bearer ${one}`);
  expect(await jobs.run({ steps: ['cat word.txt'] })).toMatchObject({ passed: true, output: 'first' });
  await jobs.commit({ 'word.txt': 'second\n' });
  const { lines, passed } = await jobs.run({ steps: ['cat word.txt; env; cat .git/config'] });
  expect(passed).toBe(true);
  expect(login.issued.length).toBeGreaterThan(1);
  expect(await readdir(join(jobs.config.data, 'mirrors'))).toHaveLength(1);
  for (const one of login.issued) expect(JSON.stringify(lines)).not.toContain(one);
});

/** A source with a GitHub App, whose tokens are long, and a git server that takes them. */
async function installedApp() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const github = await startFakeGithub({ base: '/api/v3', app: { id: '4711', publicKey, installationToken: LONG } });
  closers.push(github.close);
  const app = { id: 4711, privateKey: { env: 'KEY' } };
  await open(
    basic('x-access-token', LONG),
    (clone) => ({ kind: 'github', url: github.url, secrets, clone, api: { app } }),
    { KEY: privateKey },
  );
  return github;
}

test('a GitHub App clones with a token of 520 characters, made for the repository', async () => {
  await installedApp();
  expect(await jobs.run({ steps: ['cat word.txt'] })).toMatchObject({ passed: true, output: 'first' });
  expect(sent()).toEqual([basic('x-access-token', LONG)]);
});

test('a repository that an App is not installed on is cloned without a token, since it may be public', async () => {
  const github = await installedApp();
  github.insteadOf('GET', { status: 404, body: { message: 'Not Found' } });
  server.accepts = (given) => given === undefined;
  expect(await jobs.run({ steps: ['cat word.txt'] })).toMatchObject({ passed: true, output: 'first' });
});

test('what git says of a long token is masked before it is cut', async () => {
  await open('another', (clone) => ({ kind: 'github', secrets, clone, api: { token } }), { TOKEN: LONG });
  server.refusal = `you came with ${LONG}`;
  const run = activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, await jobs.input({ steps: ['true'] }));
  const failure = await failureOf(run, LONG);
  const said = `${failure.message}${JSON.stringify(await jobs.lines())}`;
  expect(failure.message).toContain('***');
  for (let at = 0; at + 20 <= LONG.length; at += 20) expect(said).not.toContain(LONG.slice(at, at + 20));
});
