import { stat } from 'node:fs/promises';
import type { Logger } from '../../log.js';
import { socketFolderOf } from '../checkout/socket-folder.js';
import { killByEnv } from './kill-by-env.js';
import { isOwnerAlive } from './owner-file.js';
import type { WhichEngine } from './runners/container/find-engine.js';
import { sweepContainers } from './runners/container/remove-containers.js';
import { isMadeHere, removeFolder } from './workspace.js';
import type { WorkspacePlaces } from './workspace-root.js';
import { workspacesOf } from './workspaces-of.js';

/** Longer than any job runs: a workspace that old, whose owner can't be checked, is abandoned. */
const FORGOTTEN_MS = 7 * 24 * 60 * 60_000;

/**
 * Cleans up after workers of this machine that were killed: kills what still runs in their workspaces, and removes
 * these. Called when a worker starts, and now and then. What can't be removed is told of in the log, and left.
 */
export async function sweepWorkspaces({
  config,
  log,
}: {
  config: WorkspacePlaces & WhichEngine;
  log: Logger;
}): Promise<void> {
  for (const folder of await workspacesOf(config)) {
    if (!(await isAbandoned(folder))) continue;
    try {
      const ended = (await killByEnv(folder)) + (await sweepContainers(config, folder));
      // Another worker may have removed it meanwhile, and a job that goes on may have its path.
      if (!(await isAbandoned(folder))) continue;
      for (const each of new Set([socketFolderOf(folder), folder])) await removeFolder(each);
      log.info({ workspace: folder, ended }, 'removed the workspace of a worker that was killed');
    } catch (error) {
      // A job that ran containers may have left what is the superuser's.
      log.warn(
        { err: error, workspace: folder },
        'the workspace of a worker that was killed could not be removed: delete it by hand',
      );
    }
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  if (isMadeHere(folder)) return false;
  // Unknown: it is just being made, or its owner is on another host or in a container that shares the folder.
  return !((await isOwnerAlive(folder)) ?? (await ageOf(folder)) < FORGOTTEN_MS);
}

async function ageOf(folder: string): Promise<number> {
  const made = await stat(folder).catch(() => undefined);
  return made ? Date.now() - made.mtimeMs : 0;
}
