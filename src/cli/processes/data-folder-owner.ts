import { join } from 'node:path';
import { dataFolderError } from '../../config/data-folder.js';
import { startTime } from '../../process-start-time.js';
import { type HeldFile, holdFile } from '../../store/sqlite/hold-file.js';
import { readOwner, removeRunning, writeRunning } from '../client/running.js';
import { UserError } from '../user-error.js';

/** Name of the file in a data folder that its owner holds. */
export const LOCK_FILE = 'owner.lock';

/** A data folder that this process owns: no other writes its address into it, or starts a server on it. */
export interface OwnedData {
  /** Writes down where this process answers, so that commands find it. */
  announce(where: { readonly url: string; readonly uiUrl: string | undefined }): Promise<void>;

  release(): Promise<void>;
}

/**
 * Makes this process the owner of a data folder until it ends or releases it. Throws {@link UserError} that names the
 * owner if there is one already.
 */
export async function ownData(data: string, command: string): Promise<OwnedData> {
  const held = hold(data);
  if (!held) throw new UserError(`${await inUse(data)}: stop it first, or set HOOKYARD_DATA to another folder`);
  const startedAt = await startTime(process.pid);
  const me = { pid: process.pid, ...(startedAt && { startedAt }), command };
  // An owner that was killed has left its address: whoever reads it must not take this process for it.
  await removeRunning(data);
  await writeRunning(data, me);
  return {
    announce: ({ url, uiUrl }) => writeRunning(data, { ...me, url, ...(uiUrl && { uiUrl }) }),
    async release() {
      await removeRunning(data);
      held.release();
    },
  };
}

function hold(data: string): HeldFile | undefined {
  try {
    return holdFile(join(data, LOCK_FILE));
  } catch (error) {
    throw dataFolderError(data, error as NodeJS.ErrnoException);
  }
}

async function inUse(data: string): Promise<string> {
  const owner = await readOwner(data);
  if (!owner) return `Another Hookyard uses ${data}`;
  const where = owner.url === undefined ? '' : `, ${owner.url}`;
  const what = owner.command === undefined ? '' : ` by hookyard ${owner.command}`;
  return `${data} is in use${what} (process ${owner.pid}${where})`;
}
