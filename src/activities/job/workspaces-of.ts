import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type WorkspacePlaces, workspacePrefix, workspaceRoots } from './workspace-root.js';

/** Returns the folders of this installation's workspaces, also where versions before made them. */
export async function workspacesOf(config: WorkspacePlaces): Promise<string[]> {
  const list = async (root: string, prefix: string) =>
    (await readdir(root).catch(() => [])).filter((name) => name.startsWith(prefix)).map((name) => join(root, name));
  const prefix = workspacePrefix(config);
  const lists = workspaceRoots(config).map((root) => list(root, prefix));
  const found = await Promise.all([...lists, list(join(config.data, 'workspaces'), '')]);
  return [...new Set(found.flat())];
}
