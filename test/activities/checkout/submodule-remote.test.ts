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
  const of = {
    ...{ source: 'it', home, parent: home.url, untrusted: false, owners: ['acme'], tokens: TOKENS },
    ...more,
  };
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
    ['../../acme/tools/lib', 'https://git.example/acme/tools/lib.git', 'acme/tools/lib'],
    ['https://GIT.example:443/acme/lib', 'https://git.example/acme/lib.git', 'acme/lib'],
    ['ssh://git@GIT.example/acme/lib', 'https://git.example/acme/lib.git', 'acme/lib'],
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

test('a source whose address is written in another way is known by it', async () => {
  const source = github({ url: 'https://Git.Example:443' });
  for (const url of ['../lib.git', 'https://git.example/acme/lib', 'git@git.example:acme/lib'])
    expect(await fetched(url, source)).toMatchObject({ sent: OWN, repository: 'acme/lib' });
});

describe("at a provider's other hosts, a repository is known as the source's own", () => {
  const at = (kind: string, url: string) => ({ kind, url, secrets, clone: { token: { env: 'CLONE' } } }) as SourceInput;
  const cloud = at('azure-devops', 'https://dev.azure.com/acme');
  const older = at('azure-devops', 'https://acme.visualstudio.com');
  const server = at('azure-devops', 'https://tfs.example/tfs/Default');
  const AZURE = 'https://dev.azure.com/acme/shop/_git/lib';

  test.each([
    ['git@ssh.github.com:acme/lib.git', at('github', 'https://github.com'), 'https://github.com/acme/lib.git'],
    [
      'ssh://git@ssh.github.com:443/acme/lib.git',
      at('github', 'https://github.com'),
      'https://github.com/acme/lib.git',
    ],
    [
      'ssh://git@altssh.gitlab.com:443/acme/a/lib',
      at('gitlab', 'https://gitlab.com'),
      'https://gitlab.com/acme/a/lib.git',
    ],
    [
      'ssh://git@altssh.bitbucket.org:443/acme/lib',
      at('bitbucket-cloud', 'https://bitbucket.org'),
      'https://bitbucket.org/acme/lib.git',
    ],
    ['git@ssh.dev.azure.com:v3/acme/shop/lib', cloud, AZURE],
    ['ssh://git@ssh.dev.azure.com/v3/Acme/shop/lib', cloud, AZURE],
    ['git@ssh.dev.azure.com:v3/acme/my%20shop/lib', cloud, 'https://dev.azure.com/acme/my%20shop/_git/lib'],
    ['acme@vs-ssh.visualstudio.com:v3/acme/shop/lib', cloud, AZURE],
    ['https://acme.visualstudio.com/shop/_git/lib', cloud, AZURE],
    ['https://acme.visualstudio.com/DefaultCollection/shop/_git/lib', cloud, AZURE],
    ['https://acme@dev.azure.com/acme/_git/shop', cloud, 'https://dev.azure.com/acme/shop/_git/shop'],
    ['git@ssh.dev.azure.com:v3/acme/shop/lib', older, 'https://acme.visualstudio.com/shop/_git/lib'],
    [AZURE, older, 'https://acme.visualstudio.com/shop/_git/lib'],
    ['ssh://tfs.example:22/tfs/Default/shop/_ssh/lib', server, 'https://tfs.example/tfs/Default/shop/_git/lib'],
    ['../other', cloud, 'https://dev.azure.com/acme/app/_git/other'],
  ])('%s', async (url, source, address) => {
    const owners = ['*'];
    const parent = url.startsWith('..') ? { parent: 'git@ssh.dev.azure.com:v3/acme/app/app' } : {};
    const { url: asked, sent } = await fetched(url, source, { owners, ...parent });
    expect(asked).toBe(address);
    expect(sent).toMatch(/:own-token$/);
  });

  test.each([
    ['git@ssh.github.com:acme/lib.git', at('github', 'https://git.example')],
    ['git@altssh.gitlab.com:acme/lib.git', at('github', 'https://github.com')],
    ['git@ssh.dev.azure.com:v3/other/shop/lib', cloud],
    ['git@ssh.dev.azure.com:acme/shop/lib', cloud],
    ['git@ssh.dev.azure.com:v3/acme/shop/a/lib', cloud],
    ['git@ssh.dev.azure.com:v3/acme/shop/a%2flib', cloud],
    ['https://other.visualstudio.com/shop/_git/lib', cloud],
    ['https://acme.visualstudio.com:8443/shop/_git/lib', cloud],
    ['ssh://tfs.example/tfs/Other/shop/_ssh/lib', server],
  ])('but not %s, which is of others', async (url, source) => {
    const { url: asked, sent } = await fetched(url, source, { owners: ['*'] });
    expect(asked).toBe(url);
    expect(sent).toBeUndefined();
  });
});

describe("of the source's host, repositories of other owners", () => {
  test.each(['../../tools/lib.git', 'https://git.example/tools/lib', 'git@git.example:tools/lib'])(
    'are fetched without credentials: %s',
    async (url) => {
      expect(await fetched(url)).toMatchObject({ url: 'https://git.example/tools/lib.git', sent: undefined });
    },
  );

  test.each([[['acme', 'Tools']], [['*']]])('are fetched with them where %j are named', async (owners) => {
    expect(await fetched('../../tools/lib.git', github(), { owners })).toMatchObject({ sent: OWN });
  });

  test("are not fetched by the worker's key, unless they are named", async () => {
    const bySsh = github({ clone: { url: 'git@git.example:{fullName}.git' } });
    await expect(fetched('../../tools/lib.git', bySsh)).rejects.toMatchObject({
      type: 'Refused',
      message: expect.stringMatching(/of another owner: checkout\.submoduleOwners would have to name "tools"/),
    });
    const { url } = await fetched('../../tools/lib.git', bySsh, { owners: ['tools'] });
    expect(url).toBe('git@git.example:tools/lib.git');
  });

  test('what is no repository of the source gets none either', async () => {
    expect(await fetched('https://git.example/lib.git')).toMatchObject({ sent: undefined });
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
    const usual = { 'other.example:443': { secret: 'other' } };
    expect((await fetched('https://other.example/lib.git', github(), { tokens: usual })).sent).toBeDefined();
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
