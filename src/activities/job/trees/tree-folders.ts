import { createHash, randomUUID } from 'node:crypto';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readPlainFile } from '../plain-file.js';
import { removeFolder, type Workspace } from '../workspace.js';
import { type WorkspacePlaces, workspacePrefix, workspaceRoots } from '../workspace-root.js';

/*
 * Between jobs, the files of a repository are kept beside the workspaces: kept-<installation>/<mirror>.<repository>/<id>, each
 * a folder with `src`, the index that belongs to it, and a note. One moves to a workspace, and back, by being renamed: so no two
 * jobs can have the same. What is being made has a name that nobody takes it by.
 */

/** Beginnings of the names of what is being made, and of what is being removed. */
export const UNREADY = /^(?:new|gone)-/;

/** Name of the file that says which data folder an installation's trees belong to. */
const INSTALLATION = 'data-folder';
const MAX_INSTALLATION = 16_384;

/** Returns the folder, in a root of workspaces, that the trees of this installation are kept in. */
function keptFolder(root: string, config: WorkspacePlaces): string {
  return join(root, `kept-${workspacePrefix(config).replace(/-$/, '')}`);
}

/** Notes in a folder of kept trees which data folder they belong to. */
export async function noteInstallation(kept: string, data: string): Promise<void> {
  if ((await readInstallation(kept)) === data) return;
  const beside = join(kept, `${INSTALLATION}.${randomUUID()}`);
  await writeFile(beside, data);
  await rename(beside, join(kept, INSTALLATION));
}

/** Returns the data folder that trees belong to; undefined where that is not noted. */
export function readInstallation(kept: string): Promise<string | undefined> {
  return readPlainFile(join(kept, INSTALLATION), MAX_INSTALLATION);
}

/** Returns all folders that trees of this installation may be kept in. */
export function keptFolders(config: WorkspacePlaces): string[] {
  return workspaceRoots(config).map((root) => keptFolder(root, config));
}

/** Returns the folder for the trees of a repository. `mirror`: the name of its mirror. */
export function placeOf(
  config: WorkspacePlaces,
  workspace: Workspace,
  { mirror, repository }: { mirror: string; repository: string },
): string {
  const hash = createHash('sha256').update(repository).digest('hex').slice(0, 16);
  return join(keptFolder(dirname(workspace.folder), config), `${mirror}.${hash}`);
}

/** Returns the name of the mirror that a place is for. */
export function mirrorOfPlace(name: string): string {
  return name.replace(/\.[0-9a-f]{16}$/, '');
}

/** Returns the folders in a folder; none where there is none. */
export async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
}

/** Removes a tree, which nobody can take from that moment. */
export async function removeTree(folder: string): Promise<void> {
  const gone = join(folder, '..', `gone-${randomUUID()}`);
  const renamed = await rename(folder, gone).then(
    () => true,
    () => false,
  );
  if (renamed) await removeFolder(gone);
}
