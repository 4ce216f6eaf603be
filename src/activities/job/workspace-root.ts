import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, lstat, mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { homeFolder } from '../../paths.js';
import { notConfigured } from '../failures.js';

/** What of the configuration says where workspaces lie. */
export type WorkspacePlaces = Pick<Config, 'data'> & { readonly jobs: { readonly workspaces?: string | undefined } };

/** What tools look for in the folders above: a job would find the automations' packages, or another repository. */
const PROJECT = ['package.json', 'node_modules', '.git'];

/** Folders that others may write to, too: there is one of ours for each user. */
const SHARED = ['/var/tmp', tmpdir()];

/**
 * Returns the folder that workspaces are made in: the configured one, else one in the system's cache folder, else in a
 * temporary one. Never one below a project. Throws `NotConfigured` where there is none.
 */
export async function workspaceRoot(config: WorkspacePlaces): Promise<string> {
  const places = workspaceRoots(config);
  for (const place of places) {
    const root = await usable(place);
    if (root !== undefined) return root;
  }
  throw notConfigured(
    `no folder can hold workspaces: ${places.join(', ')} can't be written, or a folder above has a package.json, ` +
      'node_modules or .git, which jobs would find; set jobs.workspaces (HOOKYARD_WORKSPACES) to a folder in no project',
  );
}

/** Returns all folders that workspaces may lie in, in the order in which they are tried. */
export function workspaceRoots({ jobs }: WorkspacePlaces): string[] {
  if (jobs.workspaces) return [resolve(jobs.workspaces)];
  const { XDG_CACHE_HOME: xdg } = process.env;
  const home = homeFolder();
  const caches = [...(xdg?.startsWith('/') ? [xdg] : []), ...(home === undefined ? [] : [join(home, '.cache')])];
  const shared = SHARED.map((folder) => join(folder, `hookyard-${process.getuid?.() ?? 'user'}`));
  return [...caches.map((folder) => join(folder, 'hookyard')), ...shared].map((folder) => join(folder, 'workspaces'));
}

/** Returns how the names of an installation's workspaces begin: several may share the folder. */
export function workspacePrefix({ data }: Pick<Config, 'data'>): string {
  return `${createHash('sha256').update(data).digest('hex').slice(0, 12)}-`;
}

/** Makes the folder and returns its real path; undefined if it can't be used. */
async function usable(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // In a folder that everybody may write to, another user may have made it.
    if (SHARED.some((shared) => folder.startsWith(`${shared}/`)))
      for (const path of [dirname(folder), folder]) if (!(await isOwn(path))) return undefined;
    const root = await realpath(folder);
    await access(root, constants.W_OK);
    return isInProject(root) ? undefined : root;
  } catch {
    return undefined;
  }
}

async function isOwn(path: string): Promise<boolean> {
  const found = await lstat(path);
  return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
}

function isInProject(folder: string): boolean {
  if (PROJECT.some((name) => existsSync(join(folder, name)))) return true;
  const above = dirname(folder);
  return above !== folder && isInProject(above);
}
