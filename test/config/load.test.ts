import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
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

test('a secret that is written out is refused, and not repeated', async () => {
  await configure("{ sources: { github: { kind: 'github', secrets: ['hunter2hunter2' as never] } } }");
  const error = await load().catch((e: Error) => e);
  expect(String(error)).toMatch(/sources\.github\.secrets\.0: a secret is named, not written/);
  expect(String(error)).not.toContain('hunter2');
});

test('an unset or empty secret is an error that names the variable', async () => {
  await configure(`{ ${github} }`);
  await expect(load()).rejects.toThrow('sources.github.secrets[0]: the environment variable HOOK_SECRET is not set');
  await expect(load({ HOOK_SECRET: '' })).rejects.toThrow('HOOK_SECRET is not set');
  await expect(load({ HOOK_SECRET: '  ' })).rejects.toThrow('HOOK_SECRET is empty');
});

test('a source whose only secret is optional and unset is refused: nothing could be verified', async () => {
  await configure("{ sources: { github: { kind: 'github', secrets: [optionalEnv('HOOK_SECRET')] } } }");
  await expect(load()).rejects.toThrow('sources.github.secrets: none of them is set');
});

test('the environment wins over the file', async () => {
  await configure(`{ ${github}, server: { port: 4000 }, data: 'here' }`);
  const config = await load({
    HOOK_SECRET: 'x'.repeat(20),
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
    /the environment can't be used:\n {2}HOOKYARD_PORT/,
  );
});
