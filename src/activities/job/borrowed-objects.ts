import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspacePlaces } from './workspace-root.js';
import { workspacesOf } from './workspaces-of.js';

/** Returns the folders of objects that the checkouts of this installation on this machine borrow from. */
export async function borrowedObjects(config: WorkspacePlaces): Promise<ReadonlySet<string>> {
  const borrowed = new Set<string>();
  for (const workspace of await workspacesOf(config)) {
    const alternates = join(workspace, 'src', '.git', 'objects', 'info', 'alternates');
    for (const line of (await readFile(alternates, 'utf8').catch(() => '')).split('\n')) if (line) borrowed.add(line);
  }
  return borrowed;
}
