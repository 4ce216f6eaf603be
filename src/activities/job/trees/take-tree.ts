import { mkdir, rename, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFolder, type Workspace } from '../workspace.js';
import { hashOf, readNote } from './note.js';
import { foldersIn, UNREADY } from './tree-folders.js';

/**
 * Moves the files of a repository into a workspace, those that were used last, and returns the path of the index that belongs to
 * them. Returns undefined where there are none, or none that is as it was left.
 */
export async function takeTree(place: string, workspace: Workspace): Promise<string | undefined> {
  const taken = join(workspace.folder, 'kept');
  for (const kept of await newestFirst(place)) {
    const isMine = await rename(kept, taken).then(
      () => true,
      // Another job was faster.
      () => false,
    );
    if (!isMine) continue;
    const index = await useTree(taken, workspace).catch(() => undefined);
    // What can't be removed now goes with the workspace, if it can.
    const isRemoved = await removeFolder(taken).then(
      () => true,
      () => false,
    );
    if (index !== undefined || !isRemoved) return index;
  }
  return undefined;
}

async function useTree(taken: string, { folder, source }: Workspace): Promise<string | undefined> {
  const note = await readNote(taken);
  const index = join(folder, 'index');
  if (note === undefined || (await hashOf(join(taken, 'index'))) !== note.index) return undefined;
  await rename(join(taken, 'index'), index);
  await rmdir(source);
  try {
    await rename(join(taken, 'src'), source);
    return index;
  } catch (error) {
    await mkdir(source, { mode: 0o700 });
    throw error;
  }
}

async function newestFirst(place: string): Promise<string[]> {
  const folders = (await foldersIn(place)).filter((folder) => !UNREADY.test(folder.slice(place.length + 1)));
  const dated = await Promise.all(
    folders.map(async (folder) => ({ folder, at: (await stat(folder).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  return dated.sort((a, b) => b.at - a.at).map(({ folder }) => folder);
}
