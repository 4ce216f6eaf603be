import { refused } from '../failures.js';
import { type GitCall, git, mustGit } from '../git/git.js';

/** A submodule of a commit that is checked out. */
export interface Submodule {
  /** Below the checkout. */
  readonly path: string;
  readonly sha: string;
  /** As `.gitmodules` has it; undefined where that says nothing of the path. */
  readonly url: string | undefined;
}

/**
 * Returns the submodules of the commit that is checked out, but for those that `.gitmodules` says not to update. Throws `Refused` for
 * a path that is not UTF-8.
 */
export async function submodulesOf(call: GitCall): Promise<Submodule[]> {
  const links: { readonly sha: string; readonly path: string }[] = [];
  const onRecord = (entry: string) => {
    const [, sha, path] = /^160000 ([0-9a-f]+) 0\t(.+)$/s.exec(entry) ?? [];
    if (sha !== undefined && path !== undefined) links.push({ sha, path });
  };
  await mustGit({ ...call, onRecord }, 'ls-files', '--stage', '-z');
  if (links.length === 0) return [];
  const unreadable = links.find(({ path }) => path.includes('\ufffd'));
  if (unreadable) throw refused(`the path of the submodule ${JSON.stringify(unreadable.path)} is not UTF-8: rename it`);
  const modules = await readModules(call);
  return links.flatMap(({ sha, path }) => {
    const module = modules.find((one) => one.get('path')?.replace(/\/+$/, '') === path);
    return module?.get('update') === 'none' ? [] : [{ sha, path, url: module?.get('url') }];
  });
}

/** Returns the settings of each submodule in `.gitmodules`, read by git from the commit: no file that a step wrote, and no other. */
async function readModules(call: GitCall): Promise<ReadonlyMap<string, string>[]> {
  const { ok, stdout } = await git(call, 'config', '--blob', 'HEAD:.gitmodules', '--null', '--list');
  if (!ok) return [];
  const modules = new Map<string, Map<string, string>>();
  for (const entry of stdout.split('\0')) {
    const [, name, key, value] = /^submodule\.(.+)\.([a-z]+)\n(.*)$/s.exec(entry) ?? [];
    if (name === undefined || key === undefined || value === undefined) continue;
    const module = modules.get(name) ?? new Map<string, string>();
    modules.set(name, module.set(key, value));
  }
  return [...modules.values()];
}
