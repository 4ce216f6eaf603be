import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { removeFolder } from '../workspace.js';
import { type WorkspacePlaces, workspaceRoots } from '../workspace-root.js';
import { type Bounds, boundTrees } from './bound-trees.js';
import { foldersIn, INSTALLATION, keptFolders, mirrorOfPlace } from './places.js';

/**
 * Removes what is kept for nobody: trees that were not used for too long, those of repositories whose mirror is gone, since that was
 * to be forgotten for example, and all of an installation whose data folder is no more.
 */
export async function sweepTrees(config: WorkspacePlaces & { jobs: { keep?: Bounds | undefined } }): Promise<void> {
  for (const kept of keptFolders(config)) {
    if (config.jobs.keep) await boundTrees(kept, config.jobs.keep);
    for (const place of await foldersIn(kept))
      if (!existsSync(join(config.data, 'mirrors', mirrorOfPlace(basename(place))))) await removeFolder(place);
  }
  await sweepAbandoned(workspaceRoots(config));
}

/** Removes the kept trees of installations whose data folder is no more. */
export async function sweepAbandoned(roots: readonly string[]): Promise<void> {
  for (const root of roots)
    for (const kept of await foldersIn(root)) {
      if (!basename(kept).startsWith('kept-')) continue;
      const data = await readFile(join(kept, INSTALLATION), 'utf8').catch(() => undefined);
      if (data !== undefined && !existsSync(data)) await removeFolder(kept);
    }
}
