import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What the peers are made of. Not among this project's dependencies: nothing but this comparison needs them. */
export const PACKAGES = {
  '@restatedev/restate-server': '1.7.12',
  '@restatedev/restate-sdk': '1.17.2',
  '@dbos-inc/dbos-sdk': '5.3.0',
};

const DEADLINE_MS = 10 * 60_000;

/**
 * Returns the folder that holds the peers' packages, and gets them once, as npm is configured. Fetched beside and moved:
 * another run at the same time finds all of it, or nothing.
 */
export async function peerPackages(say) {
  const wanted = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`);
  const mark = createHash('sha256').update(wanted.join(' ')).digest('hex').slice(0, 12);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hookyard', `bench-peers-${mark}`);
  if (existsSync(cache)) return cache;
  say(`getting ${wanted.join(', ')} into ${cache} (once)`);
  await mkdir(join(cache, '..'), { recursive: true });
  const beside = await mkdtemp(`${cache}-`);
  try {
    const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
    await promisify(execFile)('npm', ['install', '--prefix', beside, ...options, ...wanted], { timeout: DEADLINE_MS });
    await rename(beside, cache).catch((error) => {
      if (!existsSync(cache)) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return cache;
}
