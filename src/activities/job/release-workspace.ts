import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { evenIfCancelled } from '../cancelled.js';
import { boundTrees } from './trees/bound-trees.js';
import { keepTree } from './trees/keep-tree.js';
import { noteInstallation } from './trees/tree-folders.js';
import type { Workspace } from './workspace.js';

/**
 * Gives a workspace back once its job has ended: keeps the files of its checkout for the next job of the repository, if they may
 * be kept, and removes all else. Never rejects.
 */
export async function releaseWorkspace(
  { config, log }: { config: Pick<Config, 'data' | 'jobs'>; log: Logger },
  workspace: Workspace,
): Promise<void> {
  const { folder, tree } = workspace;
  if (tree !== undefined && config.jobs.keep.perRepository > 0) {
    try {
      const kept = dirname(tree.place);
      await mkdir(kept, { recursive: true, mode: 0o700 });
      await noteInstallation(kept, config.data);
      await evenIfCancelled(() => keepTree(workspace, tree));
      await boundTrees(kept, config.jobs.keep).catch((error) =>
        log.warn({ err: error }, 'files that are kept for jobs could not be removed: delete them by hand'),
      );
    } catch (error) {
      log.info(
        { workspace: folder, because: (error as Error).message },
        "a job's files are not kept: the next job of the repository checks all of them out",
      );
    }
  }
  await workspace
    .remove()
    .catch((error) =>
      log.warn({ err: error, workspace: folder }, 'a workspace could not be removed: delete it by hand'),
    );
}
