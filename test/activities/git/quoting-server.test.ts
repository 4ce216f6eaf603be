import { afterEach, expect, test } from 'vitest';
import { createFindBranchHead } from '../../../src/activities/git/find-branch-head.js';
import { sourceRemote } from '../../../src/activities/git/remote.js';
import { activity, depsOf, failureOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { type LocalServer, startServer } from '../../support/harness/http-server.js';

const TOKEN = 'canary-0123456789-abcdef';
let server: LocalServer | undefined;
afterEach(() => server?.close());

test.each(['gitlab', 'gitea', 'bitbucket-data-center'] as const)(
  'what a git server of %s quotes of the credentials is in no failure, in base64 neither',
  async (kind) => {
    server = await startServer(({ headers }) => ({
      status: 403,
      headers: { 'x-said': String(headers.authorization) },
      body: `no to ${headers.authorization}, which is ${decoded(headers.authorization)}\n`,
    }));
    const here = { kind, url: server.url, secrets: [{ env: 'HOOK' }], clone: { token: { env: 'TOKEN' } } };
    const config = configOf({ sources: { here } } as never, { HOOK: 'x', TOKEN });
    const find = createFindBranchHead(depsOf(config));
    const asked = activity().run(find, { source: 'here', repository: 'acme/app', branch: 'main' });
    const { message } = await failureOf(asked, TOKEN);
    expect(message).toMatch(/no to Basic \S{1,24}\*\*\*, which is \S{1,16}:\*\*\* /);
    const sent = String(server.received[0]?.headers.authorization).replace(/^\w+ /, '');
    expect(decoded(`Basic ${sent}`) + sent).toContain(TOKEN);
    expect(message).not.toContain(sent.slice(-16));
    expect(message).not.toContain(sent.slice(0, 40));
  },
);

function decoded(authorization: string | undefined): string {
  return Buffer.from(String(authorization).replace(/^Basic /, ''), 'base64').toString();
}

test.each([
  'https://user:canary@git.example/{fullName}.git',
  'HTTP://user:canary@git.example/{fullName}',
  ' https://canary@git.example/{fullName}',
  'ssh://git:canary@git.example/{fullName}.git',
  'user:canary@git.example:{fullName}.git',
])('a clone URL with credentials is refused, and not quoted: %j', (url) => {
  const config = configOf(
    { sources: { here: { kind: 'github', secrets: [{ env: 'HOOK' }], clone: { url: '{fullName}' } } } },
    { HOOK: 'x' },
  );
  const { here } = config.sources;
  const withUrl = { ...config, sources: { here: { ...here, clone: { url } } } } as typeof config;
  const refused = () => sourceRemote(withUrl, { source: 'here', repository: 'acme/app' });
  expect(refused).toThrow(/sources\.here\.clone\.url holds credentials/);
  expect(refused).not.toThrow(/canary/);
});

test.each([
  ['HTTPS://git.example/{fullName}.git', 'https://git.example/acme/app.git'],
  ['SSH://git@git.example/{fullName}', 'ssh://git@git.example/acme/app'],
  ['git@git.example:{fullName}.git', 'git@git.example:acme/app.git'],
  ['/srv/git/{fullName}', '/srv/git/acme/app'],
])('a clone URL of %j is taken: git gets its scheme in small letters', (url, taken) => {
  const config = configOf(
    { sources: { here: { kind: 'github', secrets: [{ env: 'HOOK' }], clone: { url } } } },
    { HOOK: 'x' },
  );
  expect(sourceRemote(config, { source: 'here', repository: 'acme/app' }).url).toBe(taken);
});
