import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type ConfigSource, loadConfig } from '../../src/config/load.js';
import { maskKnown } from '../../src/secrets/mask.js';
import { tokenKey } from '../../src/secrets/token-key.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await tempFolder('config');
});

const configure = (server: string) =>
  writeFile(
    join(folder, 'hookyard.config.ts'),
    `import { defineConfig, env, generated, optionalEnv } from 'hookyard/config';
export default defineConfig({ server: ${server}, sources: { demo: { kind: 'github', secrets: [generated('demo')] } } });
`,
  );
const load = (env: Record<string, string> = {}, secrets: ConfigSource['secrets'] = 'make') =>
  loadConfig({ env, cwd: folder, secrets });
const PUBLIC = "publicUrl: 'https://hooks.example'";

test('no tokens are issued unless the configuration says so, and no key is made', async () => {
  await configure(`{ ${PUBLIC} }`);
  const { server, generatedSecrets } = await load();
  expect(server.idTokens).toBeUndefined();
  expect(generatedSecrets.map(({ name }) => name)).not.toContain('id-token-key');
});

test('the key is made by the first start, for the owner alone, and hidden in whatever is printed', async () => {
  await configure(`{ ${PUBLIC}, idTokens: {} }`);
  const { server } = await load();
  const path = join(folder, '.hookyard/secrets/id-token-key');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const pem = (await readFile(path, 'utf8')).trimEnd();
  expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect(server.idTokens?.keys.map((key) => key.reveal())).toEqual([pem]);
  expect((await load()).server.idTokens?.keys.map((key) => key.reveal())).toEqual([pem]);
  for (const line of pem.split('\n').slice(1, -2)) expect(maskKnown(`it says ${line}`)).toBe('it says ***');
});

test('a key of the environment is taken, line breaks written or not, and none is made', async () => {
  await configure(`{ ${PUBLIC}, idTokens: {} }`);
  const pem = tokenKey.make();
  const { server, generatedSecrets } = await load({ HOOKYARD_ID_TOKEN_KEY: pem.replaceAll('\n', '\\n') });
  expect(server.idTokens?.keys[0]?.reveal()).toBe(pem);
  expect(generatedSecrets.map(({ name }) => name)).not.toContain('id-token-key');
});

test.each([
  ['{ idTokens: {} }', /server\.idTokens: needs server\.publicUrl: relying parties get the keys from/],
  [
    "{ publicUrl: 'http://hooks.example', idTokens: {} }",
    /server\.idTokens: needs a server\.publicUrl that begins with https/,
  ],
  [`{ ${PUBLIC}, idTokens: { keys: [optionalEnv('KEY')] } }`, /server\.idTokens\.keys: none of them is set/],
  [`{ ${PUBLIC}, idTokens: { keys: [env('API')] } }`, /server\.idTokens\.keys\[0\]: .* API is not an RSA private key/],
])('%s stops the start, and what to do is told', async (server, why) => {
  await configure(server);
  await expect(load({ API: 'a key of an API that tests configure' })).rejects.toThrow(why);
});

test('an address of the environment is enough', async () => {
  await configure('{ idTokens: {} }');
  expect((await load({ HOOKYARD_PUBLIC_URL: 'https://hooks.example' })).server.idTokens?.keys).toHaveLength(1);
});

test('a command on another machine needs no key, and makes none', async () => {
  await configure(`{ ${PUBLIC}, apiToken: env('API'), idTokens: {} }`);
  const error = await load({ API: 'a key of an API that tests configure' }, 'find').catch(String);
  expect(error).toContain('sources.demo.secrets[0]: Hookyard makes this secret when it first starts');
  expect(error).not.toContain('idTokens');
});
