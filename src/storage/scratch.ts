import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scratch } from './blob-storage.js';
import { unlessMissing } from './unless-missing.js';

/** Longer than packing takes: what is older was left by a process that was killed. */
const ABANDONED_MS = 24 * 3_600_000;

/** Makes an empty folder within one of this machine, readable by this user alone. */
export async function makeScratch(within: string): Promise<Scratch> {
  const folder = join(within, randomUUID());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }).catch(() => undefined) };
}

/** Removes those that processes have left that were killed. */
export async function tidyScratch(within: string): Promise<void> {
  for (const name of (await readdir(within).catch(unlessMissing)) ?? []) {
    const since = (await stat(join(within, name)).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (since < Date.now() - ABANDONED_MS) await rm(join(within, name), { recursive: true, force: true });
  }
}
