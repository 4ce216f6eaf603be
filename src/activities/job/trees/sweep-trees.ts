import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { removeFolder } from '../workspace.js';
import { type WorkspacePlaces, workspaceRoots } from '../workspace-root.js';
import { type Bounds, boundTrees } from './bound-trees.js';
import { foldersIn, keptFolders, mirrorOfPlace, readInstallation, removeTree } from './tree-folders.js';

/**
 * Removes what is kept for nobody: trees that were not used for too long, those of repositories whose mirror is gone, and all of an
 * installation whose data folder is no more. Rejects, once all else is done, where something can't be removed.
 */
export async function sweepTrees(config: WorkspacePlaces & { jobs: { keep?: Bounds | undefined } }): Promise<void> {
  const { keep } = config.jobs;
  const failures: unknown[] = [];
  const fail = (error: unknown) => void failures.push(error);
  for (const kept of keptFolders(config)) {
    if (keep) await boundTrees(kept, keep).catch(fail);
    for (const place of await foldersIn(kept))
      if (!existsSync(join(config.data, 'mirrors', mirrorOfPlace(basename(place)))))
        await removeFolder(place).catch(fail);
  }
  await sweepAbandoned(workspaceRoots(config)).catch(fail);
  if (failures.length > 0) throw failures[0];
}

/** Removes what is kept of the repositories of a mirror from before a time in Unix ms: they were to be forgotten then. */
export async function forgetTrees(
  config: WorkspacePlaces,
  { mirror, before }: { mirror: string; before: number },
): Promise<void> {
  for (const kept of keptFolders(config))
    for (const place of await foldersIn(kept)) {
      if (mirrorOfPlace(basename(place)) !== mirror) continue;
      for (const tree of await foldersIn(place))
        if (((await stat(tree).catch(() => undefined))?.mtimeMs ?? before) < before) await removeTree(tree);
    }
}

/** Removes the kept trees of installations whose data folder is no more. */
export async function sweepAbandoned(roots: readonly string[]): Promise<void> {
  for (const root of roots)
    for (const kept of await foldersIn(root)) {
      if (!basename(kept).startsWith('kept-')) continue;
      const data = await readInstallation(kept);
      if (data !== undefined && !existsSync(data)) await removeFolder(kept);
    }
}
