import { describe, expect, test } from 'vitest';
import { type SubmoduleOf, submoduleRemote } from '../../../src/activities/checkout/submodule-remote.js';
import { sourceRemote } from '../../../src/activities/git/remote.js';
import type { Config } from '../../../src/config/config.js';
import { configOf } from '../../support/harness/config.js';
import type { SourceInput } from '../job/git-sources.js';

const secrets = [{ env: 'HOOK' }];
const TOKENS = { 'other.example': { secret: 'other' } };

const github = (more: object = {}) =>
  ({ kind: 'github', url: 'https://git.example', secrets, clone: { token: { env: 'CLONE' } }, ...more }) as SourceInput;

function configWith(source: SourceInput): Config {
  const values = { HOOK: 'x', CLONE: 'own-token', OTHER: 'other-token' };
  return configOf({ sources: { it: source }, secrets: { other: { env: 'OTHER' } } }, values);
}

/** Returns what git is told about a submodule of `acme/app`: the address, and what it is sent. */
async function fetched(url: string, source: SourceInput = github(), more: Partial<SubmoduleOf> = {}) {
  const config = configWith(source);
  const home = sourceRemote(config, { source: 'it', repository: 'acme/app' });
  const providers = { repository: async () => undefined } as never;
  const of = { source: 'it', home, parent: home.url, untrusted: false, tokens: TOKENS, ...more };
  const { remote, repository } = await submoduleRemote({ config, providers }, { path: 'lib', url }, of);
  return { url: remote.url, sent: remote.token && `${remote.username}:${remote.token.reveal()}`, repository };
}

const OWN = 'x-access-token:own-token';
const dataCenter = {
  kind: 'bitbucket-data-center',
  url: 'https://git.example',
  secrets,
  clone: { token: { env: 'CLONE' } },
};
const azure = { kind: 'azure-devops', url: 'https://git.example', secrets, clone: { token: { env: 'CLONE' } } };

describe('on the host of the source, the credentials of the source are sent', () => {
  test.each([
    ['../lib.git', 'https://git.example/acme/lib.git', 'acme/lib'],
    ['../../tools/lib', 'https://git.example/tools/lib.git', 'tools/lib'],
    ['https://git.example/acme/lib', 'https://git.example/acme/lib.git', 'acme/lib'],
    ['https://anna@git.example/acme/lib.git', 'https://git.example/acme/lib.git', 'acme/lib'],
    ['git@git.example:acme/lib.git', 'https://git.example/acme/lib.git', 'acme/lib'],
    ['ssh://git@git.example:2222/acme/lib.git', 'https://git.example/acme/lib.git', 'acme/lib'],
  ])('to %s', async (url, address, repository) => {
    expect(await fetched(url)).toEqual({ url: address, sent: OWN, repository });
  });

  test('with the paths of the provider', async () => {
    const ssh = await fetched('ssh://git@git.example:7999/acme/lib.git', dataCenter as SourceInput);
    expect(ssh).toMatchObject({ url: 'https://git.example/scm/acme/lib.git', repository: 'acme/lib' });
    const web = await fetched('https://git.example/scm/acme/lib.git', dataCenter as SourceInput);
    expect(web).toMatchObject({ sent: 'x-token-auth:own-token', repository: 'acme/lib' });
    const other = await fetched('https://git.example/acme/_git/lib', azure as SourceInput);
    expect(other).toMatchObject({ url: 'https://git.example/acme/_git/lib', repository: 'acme/lib' });
  });

  test('by the way that the source itself is cloned', async () => {
    const bySsh = github({ clone: { url: 'git@git.example:{fullName}.git' } });
    expect(await fetched('https://git.example/acme/lib.git', bySsh)).toMatchObject({
      url: 'git@git.example:acme/lib.git',
    });
  });
});

describe('to another host, no credentials of the source are sent', () => {
  test.each([
    'https://evil.example/acme/lib.git',
    'https://git.example.evil.example/acme/lib.git',
    'https://git.example:8443/acme/lib.git',
    'git@evil.example:acme/lib.git',
  ])('%s', async (url) => {
    const { sent, url: asked } = await fetched(url);
    expect(sent).toBeUndefined();
    expect(asked).toBe(url);
  });

  test('the token that was named for it is', async () => {
    expect(await fetched('https://other.example/acme/lib.git')).toMatchObject({ sent: 'x-access-token:other-token' });
    const tokens = { 'other.example': { username: 'bot', token: { secret: 'other' } } };
    expect(await fetched('https://other.example/lib.git', github(), { tokens })).toMatchObject({
      sent: 'bot:other-token',
    });
    expect((await fetched('https://other.example:8443/lib.git')).sent).toBeUndefined();
  });

  test('a token that the configuration lacks is named', async () => {
    const tokens = { 'other.example': { secret: 'gone' } };
    await expect(fetched('https://other.example/lib.git', github(), { tokens })).rejects.toMatchObject({
      type: 'NotConfigured',
      message: expect.stringContaining('add secrets.gone'),
    });
  });

  test('not by a submodule of a submodule there, either', async () => {
    const parent = 'https://evil.example/acme/lib.git';
    expect(await fetched('../deep.git', github(), { parent })).toMatchObject({
      url: 'https://evil.example/acme/deep.git',
      sent: undefined,
    });
  });
});

describe("a stranger's code", () => {
  const untrusted = true;
  test.each(['../lib.git', 'git@git.example:acme/lib.git', 'https://other.example/acme/lib.git'])(
    'gets %s without credentials',
    async (url) => {
      const { sent, url: asked } = await fetched(url, github(), { untrusted });
      expect(sent).toBeUndefined();
      expect(asked).toMatch(/^https:/);
    },
  );

  test.each(['git@other.example:acme/lib.git', '/srv/git/acme/lib.git'])('does not get %s', async (url) => {
    await expect(fetched(url, github(), { untrusted })).rejects.toMatchObject({ type: 'Refused' });
  });

  test("gets nothing by the worker's key, or from its files, where the source is fetched so", async () => {
    const bySsh = github({ clone: { url: 'git@git.example:{fullName}.git' } });
    const fromFiles = github({ clone: { url: '/srv/git/{fullName}.git' } });
    for (const source of [bySsh, fromFiles])
      await expect(fetched('../lib.git', source, { untrusted })).rejects.toMatchObject({ type: 'Refused' });
  });
});

describe('no weaker way than that of the source is taken', () => {
  test.each([
    ['http://other.example/lib.git', 'by http'],
    ['/srv/git/acme/lib.git', 'files'],
    ['file:///etc', 'files'],
    ['ext::sh -c id', 'not asked'],
    ['git://git.example/acme/lib.git', 'not asked'],
    ['https://user:password@other.example/lib.git', 'not asked'],
    ['../../../evil.example/lib.git', 'not asked'],
  ])('%s', async (url, why) => {
    await expect(fetched(url)).rejects.toMatchObject({
      type: 'Refused',
      message: expect.stringMatching(new RegExp(`submodule "lib" .*${why}`)),
    });
  });

  test.each(['https://user:canary@other.example/lib.git', 'user:canary@other.example:lib.git', 'ssh://u:canary@x/lib'])(
    'the password of %s is not repeated',
    async (url) => {
      const failure = await fetched(url).catch((error: Error) => error);
      expect(String(failure)).toMatch(/is at an address that holds credentials/);
      expect(String(failure)).not.toContain('canary');
    },
  );

  test('a source that is fetched by http has submodules by http, its token on its own host alone', async () => {
    const source = github({ url: 'http://git.example' });
    expect(await fetched('http://git.example/acme/lib.git', source)).toMatchObject({ sent: OWN });
    expect(await fetched('http://other.example/lib.git', source)).toMatchObject({ sent: undefined });
  });

  test('a source that is fetched from files has submodules from the folder of its repositories', async () => {
    const source = github({ clone: { url: '/srv/git/{fullName}.git' } });
    expect(await fetched('../lib.git', source)).toMatchObject({ url: '/srv/git/acme/lib.git' });
    expect(await fetched('/srv/git/tools/lib.git', source)).toMatchObject({ url: '/srv/git/tools/lib.git' });
    for (const url of ['/srv/lib.git', '/srv/git/../../etc', '/srv/git-other/lib.git', '../../../../etc'])
      await expect(fetched(url, source)).rejects.toMatchObject({ type: 'Refused' });
  });
});
