import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspacePlaces } from './workspace-root.js';
import { workspacesOf } from './workspaces-of.js';

/** In a workspace's folder: the folders of objects that its checkout borrows from, a line each. */
const BORROWED = 'borrowed';

/** Notes that the checkout in a workspace borrows from a mirror, its submodules included: the mirror then stays as it is. */
export async function noteBorrowed(workspace: string, mirror: string): Promise<void> {
  await appendFile(join(workspace, BORROWED), `${join(mirror, 'objects')}\n`);
}

/** Returns the folders of objects that the checkouts of this installation on this machine borrow from. */
export async function borrowedObjects(config: WorkspacePlaces): Promise<ReadonlySet<string>> {
  const borrowed = new Set<string>();
  for (const workspace of await workspacesOf(config)) {
    // The second is all that there is of a version before, and in a workspace whose checkout has just begun.
    for (const path of [BORROWED, join('src', '.git', 'objects', 'info', 'alternates')]) {
      const lines = await readFile(join(workspace, path), 'utf8').catch(() => '');
      for (const line of lines.split('\n')) if (line) borrowed.add(line);
    }
  }
  return borrowed;
}
