import { generateKeyPairSync } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { basic } from '../../../src/http/auth-headers.js';
import { startFakeGithub } from '../../support/fake-github/github.js';
import { type Jobs, openJobs } from '../../support/harness/jobs.js';
import { CLIENT, CLIENT_SECRET, startOauthServer, TENANT } from '../../support/oauth-server.js';
import { type GitServer, openGitServer } from './git-server.js';
import { azure, cloud, LONG_TOKEN, type SourceInput } from './git-sources.js';

const secrets = [{ env: 'HOOK' }];
const token = { env: 'TOKEN' };

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
  const github = await startFakeGithub({
    base: '/api/v3',
    app: { id: '4711', publicKey, installationToken: LONG_TOKEN },
  });
  closers.push(github.close);
  const app = { id: 4711, privateKey: { env: 'KEY' } };
  await open(
    basic('x-access-token', LONG_TOKEN),
    (clone) => ({ kind: 'github', url: github.url, secrets, clone, api: { app } }),
    { KEY: privateKey },
  );
  return github;
}

test('a GitHub App clones with a token of 520 characters, made for the repository', async () => {
  await installedApp();
  expect(await jobs.run({ steps: ['cat word.txt'] })).toMatchObject({ passed: true, output: 'first' });
  expect(sent()).toEqual([basic('x-access-token', LONG_TOKEN)]);
});

test('a repository that an App is not installed on is cloned without a token, since it may be public', async () => {
  const github = await installedApp();
  github.insteadOf('GET', { status: 404, body: { message: 'Not Found' } });
  server.accepts = (given) => given === undefined;
  expect(await jobs.run({ steps: ['cat word.txt'] })).toMatchObject({ passed: true, output: 'first' });
});
