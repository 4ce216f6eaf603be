import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { HostStep } from '../contract/index.js';
import { findShell, type Shell } from './shell.js';
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
  env: Readonly<Record<string, string>>,
): Promise<StepPlace | string> {
  const shell = await findShell(named, env.PATH ?? '');
  if (typeof shell === 'string') return shell;
  if (dir === undefined) return { cwd: source, shell };
  const [top, cwd] = await Promise.all([realpath(source), realpath(join(source, dir)).catch(() => undefined)]);
  if (cwd === undefined || !(await stat(cwd)).isDirectory()) return `dir "${dir}" is no folder of the checkout`;
  if (cwd !== top && !cwd.startsWith(`${top}${sep}`)) return `dir "${dir}" leads out of the checkout`;
  return { cwd, shell };
}
