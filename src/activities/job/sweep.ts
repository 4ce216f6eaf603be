import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { killByEnv } from './kill-by-env.js';
import { isAlive, ownerSchema } from './owner.js';
import { OWNER_FILE, removeFolder } from './workspace.js';

/** Longer than any job goes on: a workspace that old, whose owner can't be asked, has none. */
const FORGOTTEN_MS = 7 * 24 * 60 * 60_000;

/**
 * Clears up after workers of this machine that were killed: ends what still runs in their workspaces, and removes those.
 * Called when a worker starts.
 */
export async function sweepWorkspaces({ config, log }: { config: Pick<Config, 'data'>; log: Logger }): Promise<void> {
  const root = join(config.data, 'workspaces');
  for (const name of await readdir(root).catch(() => [])) {
    const folder = join(root, name);
    const owner = ownerSchema.safeParse(parse(await readFile(join(folder, OWNER_FILE), 'utf8').catch(() => '')));
    const isOwned = owner.success ? await isAlive(owner.data) : undefined;
    // It is just being made, or its owner is on another host that shares the folder, as a replaced container was.
    if (isOwned ?? (await ageOf(folder)) < FORGOTTEN_MS) continue;
    const ended = await killByEnv(folder);
    await removeFolder(folder);
    log.info({ workspace: name, ended }, 'a workspace that a killed worker has left was cleared up');
  }
}

async function ageOf(folder: string): Promise<number> {
  const made = await stat(folder).catch(() => undefined);
  return made ? Date.now() - made.mtimeMs : 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
