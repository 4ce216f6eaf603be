import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../log.js';
import { killByEnv } from './kill-by-env.js';
import { isAlive, ownerSchema } from './owner.js';
import { OWNER_FILE, removeFolder } from './workspace.js';
import type { WorkspacePlaces } from './workspace-root.js';
import { workspacesOf } from './workspaces-of.js';

/** Longer than any job runs: a workspace that old, whose owner can't be checked, is abandoned. */
const FORGOTTEN_MS = 7 * 24 * 60 * 60_000;

/**
 * Cleans up after workers of this machine that were killed: kills what still runs in their workspaces, and removes
 * these. Called when a worker starts.
 */
export async function sweepWorkspaces({ config, log }: { config: WorkspacePlaces; log: Logger }): Promise<void> {
  for (const folder of await workspacesOf(config)) {
    const owner = ownerSchema.safeParse(parse(await readFile(join(folder, OWNER_FILE), 'utf8').catch(() => '')));
    const isOwned = owner.success ? await isAlive(owner.data) : undefined;
    // Unknown: it is just being made, or its owner is on another host or in a container that shares the folder.
    if (isOwned ?? (await ageOf(folder)) < FORGOTTEN_MS) continue;
    const ended = await killByEnv(folder);
    await removeFolder(folder);
    log.info({ workspace: folder, ended }, 'removed the workspace of a worker that was killed');
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
