import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type WorkspacePlaces, workspacePrefix, workspaceRoots } from './workspace-root.js';

/** Returns the folders of this installation's workspaces, also where versions before made them. */
export async function workspacesOf(config: WorkspacePlaces): Promise<string[]> {
  const list = async (root: string, isOne: (name: string) => boolean) =>
    (await readdir(root).catch(() => [])).filter(isOne).map((name) => join(root, name));
  const prefix = workspacePrefix(config);
  const lists = workspaceRoots(config).map((root) => list(root, (name) => name.startsWith(prefix)));
  // Beside them may be what is kept for jobs, where this is the root.
  const old = list(join(config.data, 'workspaces'), (name) => !name.startsWith('kept-'));
  const found = await Promise.all([...lists, old]);
  return [...new Set(found.flat())];
}
