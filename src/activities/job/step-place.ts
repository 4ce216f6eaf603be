import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { HostStep } from '../contract/index.js';
import { type FindShell, findShell, type Shell } from './shell.js';
import type { Workspace } from './workspace.js';

/** Where a step runs, and by which program. */
export interface StepPlace {
  readonly cwd: string;
  readonly shell: Shell;
}

/** Returns where a step runs and by what; in words, why it can't. What is checked out may have links that lead out of it. */
export async function placeOf(
  { source }: Pick<Workspace, 'source'>,
  { dir, shell: named }: Pick<HostStep, 'dir' | 'shell'>,
  { env, find = findShell }: { readonly env: Readonly<Record<string, string>>; readonly find?: FindShell },
): Promise<StepPlace | string> {
  const cwd = await folderOf(source, dir);
  if ('because' in cwd) return cwd.because;
  const shell = await find(named, { path: env.PATH ?? '', cwd: cwd.path });
  return typeof shell === 'string' ? shell : { cwd: cwd.path, shell };
}

async function folderOf(source: string, dir = ''): Promise<{ path: string } | { because: string }> {
  const [top, path] = await Promise.all([source, join(source, dir)].map((at) => realpath(at).catch(() => undefined)));
  if (top === undefined)
    return { because: 'the checkout is not there any more: a step before has removed or moved it' };
  if (path === undefined || !(await stat(path)).isDirectory())
    return { because: `dir "${dir}" is no folder of the checkout` };
  if (path !== top && !path.startsWith(`${top}${sep}`)) return { because: `dir "${dir}" leads out of the checkout` };
  return { path: dir === '' ? source : path };
}
