import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.js';
import type { ConfigInput } from '../../src/config/index.js';
import { loadConfig, readConfig } from '../../src/config/load.js';
import { configSchema } from '../../src/config/schema.js';
import { maskKnown, maskOf } from '../../src/secrets/mask.js';
import { Secret } from '../../src/secrets/secret.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await tempFolder('config');
});

const configure = (body: string) =>
  writeFile(
    join(folder, 'hookyard.config.ts'),
    `import { defineConfig, env, file, generated, optionalEnv } from 'hookyard/config';\nexport default defineConfig(${body});\n`,
  );
const load = (env: Record<string, string> = {}) => loadConfig({ env, cwd: folder });
const github = "sources: { github: { kind: 'github', secrets: [env('HOOK_SECRET')] } }";

test('secrets are found by reference, and print as nothing', async () => {
  await writeFile(join(folder, 'token'), 'from-a-file\n');
  await configure(
    `{ ${github.replace("'github', ", `'github', api: { token: file('${join(folder, 'token')}') }, `)} }`,
  );
  const config = await load({ HOOK_SECRET: 'from-the-environment' });
  expect(config.sources.github?.secrets[0]?.reveal()).toBe('from-the-environment');
  const { github: source } = config.sources;
  expect(source?.kind === 'github' && source.api?.token?.reveal()).toBe('from-a-file');
  const printed = `${inspect(config, { depth: 9 })}${JSON.stringify(config)}${config.sources.github?.secrets[0]}`;
  expect(printed).not.toMatch(/from-a-file|from-the-environment/);
});

test('what activities give back is without the credentials that libraries take from the environment', async () => {
  await configure(`{ ${github} }`);
  const env = { TEMPORAL_API_KEY: 'canary-of-temporal-01', AWS_SESSION_TOKEN: 'canary-of-a-bucket-01' };
  const config = await load({ HOOK_SECRET: 'from-the-environment', ...env });
  const said = `no to ${Object.values(env).join()} and from-the-environment`;
  expect(maskOf(config)(said)).toBe('no to ***,*** and ***');
});

test('what a header in the environment tells of a tenant stays in what activities give back, and not in what is logged', async () => {
  await configure(`{ ${github} }`);
  const headers = 'x-scope-orgid=tenant-of-this-test,x-api-key=canary-of-a-collector-01';
  const config = await load({ HOOK_SECRET: 'from-the-environment', OTEL_EXPORTER_OTLP_HEADERS: headers });
  const said = 'no to tenant-of-this-test/site and canary-of-a-collector-01';
  expect(maskOf(config)(said)).toBe('no to tenant-of-this-test/site and ***');
  expect(maskKnown(said)).toBe('no to ***/site and ***');
});

test('relative paths of secrets count from the project, also where it is called in a folder below', async () => {
  await mkdir(join(folder, 'secrets'));
  await mkdir(join(folder, 'below'));
  await writeFile(join(folder, 'secrets/hook'), 'a-webhook-secret-of-a-file\n');
  await writeFile(join(folder, 'npm-token'), '#!/bin/sh\necho a-token-of-a-command\n', { mode: 0o755 });
  await configure(`{
    sources: { github: { kind: 'github', secrets: [env('HOOK_SECRET', { otherwise: file('secrets/hook') })] } },
    secrets: { npm: { command: ['./npm-token'] } },
  }`);
  for (const cwd of [folder, join(folder, 'below')]) {
    const { sources, secrets, secretFiles } = await loadConfig({ env: {}, cwd });
    expect(sources.github?.secrets[0]?.reveal()).toBe('a-webhook-secret-of-a-file');
    expect(secrets.npm instanceof Secret && secrets.npm.reveal()).toBe('a-token-of-a-command');
    expect(secretFiles).toContain(join(folder, 'secrets/hook'));
  }
  await configure("{ sources: { github: { kind: 'github', secrets: [file('secrets/none')] } } }");
  await expect(load()).rejects.toThrow(`can't read ${join(folder, 'secrets/none')}: ENOENT`);
});

test('a generated secret is made once, for the owner alone', async () => {
  await configure("{ sources: { demo: { kind: 'github', secrets: [generated('demo')] } } }");
  const first = await load();
  const path = join(folder, '.hookyard/secrets/demo');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await readFile(path, 'utf8')).trim()).toBe(first.sources.demo?.secrets[0]?.reveal());
  expect(first.generatedSecrets).toContainEqual({ name: 'demo', path, isNew: true });
  const second = await load();
  expect(second.sources.demo?.secrets[0]?.reveal()).toBe(first.sources.demo?.secrets[0]?.reveal());
  expect(second.generatedSecrets).toContainEqual({ name: 'demo', path, isNew: false });
});

test('everything that is wrong is told at once, by option', async () => {
  await configure(
    "{ surces: {}, sources: { github: { kind: 'gitlub', secrets: [] } }, server: { port: 99999 } } as never",
  );
  await expect(load()).rejects.toThrow(/server\.port[\s\S]*sources\.github\.kind[\s\S]*surces/);
});

test('an unknown option or kind is told with what was probably meant, and one that is missing as missing', async () => {
  const secrets = "secrets: [generated('x')]";
  await configure(
    `{ sources: { a: { kind: 'githib', ${secrets} }, b: { ${secrets} }, c: { kind: 'hmac', ${secrets} } }, server: { publicURL: 'x' } } as never`,
  );
  const error = String(await load().catch((e: Error) => e));
  expect(error).toContain('server: there is no option "publicURL"; did you mean "publicUrl"?');
  expect(error).toContain('sources.a.kind: there is no "githib"; did you mean "github"?');
  expect(error).toMatch(/sources\.b\.kind: it is missing: give one of github, .*hmac/);
  expect(error).toContain('sources.c.header: it is missing, and has no default');
});

test('a name that things may not have is told with the names that they may', async () => {
  await configure("{ sources: { My_Hook: { kind: 'github', secrets: [generated('x')] } } }");
  await expect(load()).rejects.toThrow('sources.My_Hook: a name is 1 to 50 lower-case letters, digits and -');
});

test('an option in the wrong place is told with its place', async () => {
  await configure("{ sources: {}, port: 80, publicUrl: 'https://hooks.example.com' } as never");
  await expect(load()).rejects.toThrow(
    /no option "port"; did you mean "server\.port"\?; there is no option "publicUrl"; did you mean "server\.publicUrl"\?/,
  );
});

test('a secret that is written out is refused, and not repeated', async () => {
  await configure("{ sources: { github: { kind: 'github', secrets: ['hunter2hunter2' as never] } } }");
  const error = await load().catch((e: Error) => e);
  expect(String(error)).toMatch(/sources\.github\.secrets\[0\]: a secret is named, not written/);
  expect(String(error)).not.toContain('hunter2');
});

test('text in place of a secret has the wrong type', () => {
  // @ts-expect-error: a secret is named, and not written
  const written: ConfigInput = { sources: { github: { kind: 'github', secrets: ['hunter2hunter2'] } } };
  expect(configSchema.safeParse(written).success).toBe(false);
});

test('an unset or empty secret is an error that names the variable', async () => {
  await configure(`{ ${github} }`);
  await expect(load()).rejects.toThrow('sources.github.secrets[0]: the environment variable HOOK_SECRET is not set');
  await expect(load({ HOOK_SECRET: '' })).rejects.toThrow('HOOK_SECRET is not set');
  await expect(load({ HOOK_SECRET: '  ' })).rejects.toThrow('HOOK_SECRET is empty');
});

test('a line break after a secret of the environment is left out, and that is told', async () => {
  await writeFile(join(folder, 'hook'), 'another-webhook-secret-of-a-file\n');
  await configure(
    `{ sources: { github: { kind: 'github', secrets: [env('HOOK_SECRET'), file('${join(folder, 'hook')}')] } } }`,
  );
  const { sources, warnings, secretFiles } = await load({ HOOK_SECRET: 'a-webhook-secret-for-tests\n' });
  expect(sources.github?.secrets.map((secret) => secret.reveal())).toEqual([
    'a-webhook-secret-for-tests',
    'another-webhook-secret-of-a-file',
  ]);
  expect(secretFiles).toContain(join(folder, 'hook'));
  expect(warnings).toEqual([
    expect.stringMatching(
      /^sources\.github\.secrets\[0\]: the environment variable HOOK_SECRET has a line break .* left out$/,
    ),
  ]);
});

test('every secret that can not work is told at once, from whatever it comes, and none is repeated', async () => {
  await writeFile(join(folder, 'bytes'), Buffer.from([0xff, 0xfe, 0x41, 0x00]));
  await writeFile(join(folder, 'short'), 'whsec_AA\n');
  await configure(`{
    server: { apiToken: env('API_TOKEN'), callbackKey: env('CALLBACK_KEY') },
    sources: {
      bytes: { kind: 'github', secrets: [file('${join(folder, 'bytes')}')] },
      shop: { kind: 'standard-webhooks', secrets: [file('${join(folder, 'short')}')] },
      slack: { kind: 'slack', secrets: [env('SLACK_SECRET')] },
    },
  }`);
  const told = await load({ API_TOKEN: 'x', CALLBACK_KEY: '1', SLACK_SECRET: 'xoxb-canary' }).catch(String);
  expect(String(told).split('\n').slice(1)).toEqual([
    expect.stringContaining('server.apiToken: the environment variable API_TOKEN is shorter than 32 characters'),
    expect.stringContaining('server.callbackKey: the environment variable CALLBACK_KEY is shorter than 32 characters'),
    expect.stringMatching(/sources\.bytes\.secrets\[0\]: .*\/bytes is not UTF-8 text/),
    expect.stringMatching(/sources\.shop\.secrets\[0\]: .*\/short is a key of fewer than 24 bytes/),
    expect.stringContaining(
      'sources.slack.secrets[0]: the environment variable SLACK_SECRET is not the signing secret',
    ),
  ]);
  expect(told).not.toMatch(/whsec_AA|canary/);
});

test('a generated secret is one of its kind', async () => {
  await configure("{ sources: { shop: { kind: 'standard-webhooks', secrets: [generated('shop')] } } }");
  const { sources } = await load();
  expect(sources.shop?.secrets[0]?.reveal()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
});

test.each([
  [
    "repositories: ['https://github.com/acme/app']",
    'repositories[0]: "https://github.com/acme/app" can never match',
    '"acme/app"',
  ],
  ["repositories: ['acme/*', 'acme']", 'repositories[1]: "acme" can never match', '"acme/*"'],
  ["repositories: ['!acme/app.git']", 'repositories[0]: "!acme/app.git" can never match', '"!acme/app"'],
  ["reconcile: { repositories: ['acme/*'] }", 'reconcile.repositories[0]: "acme/*" is a pattern', 'owner/name'],
  ["reconcile: { repositories: ['app'] }", 'reconcile.repositories[0]: "app" can never match', '"*/app"'],
  ["reconcile: { organisations: ['acme/app'] }", 'reconcile.organisations[0]: "acme/app" is not the name', '"acme"'],
])('a source can not speak for what is no repository: %s', async (settings, problem, meant) => {
  await configure(`{ sources: { github: { kind: 'github', secrets: [env('HOOK_SECRET')], ${settings} } } }`);
  const told = await load({ HOOK_SECRET: 'a-webhook-secret-for-tests' }).catch(String);
  expect(told).toContain(`sources.github.${problem}`);
  expect(told).toContain(meant);
});

test.each([
  ['https://hooks.example/webhooks', 'must end before /webhooks'],
  ['https://hooks.example/base/webhooks/github/', 'must end before /webhooks'],
  ['http://webhooks/webhooks/github', 'must end before /webhooks'],
  ['https://hooks.example//webhooks', 'must end before /webhooks'],
  ['https://hooks.example/?token=1', 'no query'],
  ['ftp://hooks.example', 'http or https'],
])('a public address that addresses can not be made from is refused: %s', async (publicUrl, words) => {
  await configure(`{ ${github}, server: { publicUrl: '${publicUrl}' } }`);
  await expect(load({ HOOK_SECRET: 'a-webhook-secret-for-tests' })).rejects.toThrow(words);
});

test.each(['http://webhooks', 'http://webhooks:3000', 'http://webhooks/base'])(
  'a public address may have a host that is called as the path of deliveries is: %s',
  async (publicUrl) => {
    await configure(`{ ${github}, server: { publicUrl: '${publicUrl}' } }`);
    const config = await load({ HOOK_SECRET: 'a-webhook-secret-for-tests' });
    expect(config.server.publicUrl).toBe(publicUrl);
  },
);

test.each([
  ["['10.0.0.0/33']", 'server.trustedProxies[0]: must be an IP address, a range such as 10.0.0.0/8'],
  ["['0.0.0.0/0']", 'must be an IP address'],
  ["['proxy.example']", 'must be an IP address'],
  ["['10.0.0.0/8/8']", 'must be an IP address'],
  ["['::1%lo']", 'must be an IP address'],
  ['-1', 'server.trustedProxies: Too small'],
  ['true as never', 'server.trustedProxies: must be a number of proxies, 0 to 10, or a list'],
])('proxies that can not be told from others are refused: %s', async (trustedProxies, words) => {
  await configure(`{ ${github}, server: { trustedProxies: ${trustedProxies} } }`);
  await expect(load({ HOOK_SECRET: 'a-webhook-secret-for-tests' })).rejects.toThrow(words);
});

test.each(['2', "['10.0.0.0/8', '2001:db8::/32', '127.0.0.1', 'loopback']"])(
  'proxies are trusted: %s',
  async (trusted) => {
    await configure(`{ ${github}, server: { trustedProxies: ${trusted} } }`);
    const { server } = await load({ HOOK_SECRET: 'a-webhook-secret-for-tests' });
    expect(server.trustedProxies).toEqual(JSON.parse(trusted.replaceAll("'", '"')));
  },
);

test('a source whose only secret is optional and unset is refused: nothing could be verified', async () => {
  await configure("{ sources: { github: { kind: 'github', secrets: [optionalEnv('HOOK_SECRET')] } } }");
  await expect(load()).rejects.toThrow('sources.github.secrets: none of them is set');
});

test('the environment wins over the file', async () => {
  await configure(`{ ${github}, server: { port: 4000 }, data: 'here' }`);
  const config = await load({
    HOOK_SECRET: 'a hook secret of tests',
    HOOKYARD_PORT: '5000',
    HOOKYARD_DATA: join(folder, 'there'),
    HOOKYARD_HOST: '',
  });
  expect(config.server).toMatchObject({ port: 5000, host: '127.0.0.1' });
  expect(config.data).toBe(join(folder, 'there'));
});

test('a wrong variable is told by name', async () => {
  await configure(`{ ${github} }`);
  await expect(load({ HOOK_SECRET: 'x', HOOKYARD_PORT: 'http' })).rejects.toThrow(
    /the environment can't be used:\n {2}HOOKYARD_PORT: it must be a number/,
  );
});

test('what a command prints is a secret: it is run when a process starts, and by other commands only where it is used', async () => {
  const program = join(folder, 'vault');
  await writeFile(program, `#!/bin/sh\necho called >> '${join(folder, 'calls')}'\necho canary-of-a-command\n`, {
    mode: 0o700,
  });
  await configure(`{ ${github}, secrets: { npm: { command: ['${program}', 'kv'] } } }`);
  const env = { HOOK_SECRET: 'a-webhook-secret-for-tests', HOOKYARD_API_TOKEN: 'a-token-of-the-api-for-these-tests' };
  const found = await loadConfig({ env, cwd: folder, secrets: 'find' });
  expect(existsSync(join(folder, 'calls'))).toBe(false);
  const npm = (config: Config) => (config.secrets.npm instanceof Secret ? config.secrets.npm.reveal() : undefined);
  expect(npm(found)).toBe('canary-of-a-command');
  expect(npm(await load(env))).toBe('canary-of-a-command');
  await writeFile(program, '#!/bin/sh\nexit 4\n');
  await expect(load(env)).rejects.toThrow(/secrets\.npm: the command ".*vault kv" ended with exit code 4/);
  const { problems } = await readConfig({ env, cwd: folder, secrets: 'find', commands: 'run' });
  expect(problems).toContainEqual(expect.stringContaining('ended with exit code 4'));
});

test('the keys of a bucket are missed by what uses it, and by doctor, and by no other command', async () => {
  await configure(
    `{ ${github}, storage: { s3: { bucket: 'acme-ci', accessKeyId: env('ID'), secretAccessKey: env('KEY') } } }`,
  );
  const env = { HOOK_SECRET: 'a-webhook-secret-for-tests', HOOKYARD_API_TOKEN: 'a-token-of-the-api-for-these-tests' };
  expect((await loadConfig({ env, cwd: folder, secrets: 'find' })).storage.s3?.bucket).toBe('acme-ci');
  await expect(load(env)).rejects.toThrow(/storage\.s3\.accessKeyId: .*ID/);
  const { problems } = await readConfig({ env, cwd: folder, secrets: 'find', commands: 'run' });
  expect(problems.map((line) => line.split(':')[0])).toEqual(['storage.s3.accessKeyId', 'storage.s3.secretAccessKey']);
});
