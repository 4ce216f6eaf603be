import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwnerAlive } from './owner-file.js';
import { readPlainFile } from './plain-file.js';
import type { WorkspacePlaces } from './workspace-root.js';
import { workspacesOf } from './workspaces-of.js';

/** In a workspace's folder: the folders of objects that its checkout borrows from, a line each. */
export const BORROWED = 'borrowed';
const MAX_BYTES = 1024 * 1024;

/** Notes that the checkout in a workspace borrows from a mirror, its submodules included: the mirror then stays as it is. */
export async function noteBorrowed(workspace: string, mirror: string): Promise<void> {
  await appendFile(join(workspace, BORROWED), `${join(mirror, 'objects')}\n`);
}

/** Returns the folders of objects that the checkouts of this installation on this machine borrow from, but for those of dead workers. */
export async function borrowedObjects(config: WorkspacePlaces): Promise<ReadonlySet<string>> {
  const borrowed = new Set<string>();
  for (const workspace of await workspacesOf(config)) {
    if ((await isOwnerAlive(workspace)) === false) continue;
    // The second is all that there is of a version before, and in a workspace whose checkout has just begun.
    for (const path of [BORROWED, join('src', '.git', 'objects', 'info', 'alternates')]) {
      const lines = (await readPlainFile(join(workspace, path), MAX_BYTES)) ?? '';
      for (const line of lines.split('\n')) if (line) borrowed.add(line);
    }
  }
  return borrowed;
}
