import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { isAlive, ownerSchema } from './owner.js';
import { OWNER_FILE, removeFolder } from './workspace.js';

/**
 * Clears up after workers of this machine that were killed: ends what still runs in their workspaces, and removes those.
 * Called when a worker starts.
 */
export async function sweepWorkspaces({ config, log }: { config: Pick<Config, 'data'>; log: Logger }): Promise<void> {
  const root = join(config.data, 'workspaces');
  for (const name of await readdir(root).catch(() => [])) {
    const folder = join(root, name);
    const owner = ownerSchema.safeParse(parse(await readFile(join(folder, OWNER_FILE), 'utf8').catch(() => '')));
    // Without a readable note it is just being made, or it was left half made; the former must not be touched.
    if (!owner.success || (await isAlive(owner.data)) !== false) continue;
    const ended = await endProcessesOf(folder);
    await removeFolder(folder);
    log.info({ workspace: name, ended }, 'a workspace that a killed worker has left was cleared up');
  }
}

/** The name of the variable by which the processes of a job are known, whatever they are. */
export const WORKSPACE_VARIABLE = 'HOOKYARD_WORKSPACE';

/** Only a process whose environment says that it belongs to the workspace is touched. */
async function endProcessesOf(folder: string): Promise<number> {
  let ended = 0;
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`${WORKSPACE_VARIABLE}=${folder}`)) continue;
    try {
      process.kill(Number(name), 'SIGKILL');
      ended += 1;
    } catch {
      // It ended by itself.
    }
  }
  return ended;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
