import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { shortEnvironment } from '../../secrets/short-environment.js';
import { socketFolderOf } from '../checkout/socket-folder.js';
import { keepFresh } from './keep-note-fresh.js';
import { mountsBelow } from './mounts.js';
import { OWNER_FILE, writeOwner } from './owner-file.js';
import type { Moment } from './trees/clock.js';
import { type WorkspacePlaces, workspacePrefix, workspaceRoot } from './workspace-root.js';

/** A folder of one attempt of a job. */
export interface Workspace {
  readonly folder: string;
  /** The checkout. */
  readonly source: string;
  /** The steps' `HOME`, without anything of the worker's user. */
  readonly home: string;
  readonly temporary: string;
  /** Set by the checkout where the files may be kept for the next job of the repository. */
  tree?: KeepableTree | undefined;
  remove(): Promise<void>;
}

/** How the files that a checkout has written are told from what the job does to them. */
export interface KeepableTree {
  /** The folder that they are kept in. */
  readonly place: string;
  /** SHA-256 of the copy of the index that lies in the workspace's folder. */
  readonly indexHash: string;
  /** By the file system's clock, Unix ms: what was changed since then, the job has changed. */
  readonly changedFromMs: number;
  /** When that was. */
  readonly notedAt: Moment;
}

/** Those of this process that are not removed yet. */
const here = new Set<string>();

/** Returns whether this process has made such a folder and not removed it, whatever is noted there: steps can write there too. */
export function isMadeHere(folder: string): boolean {
  return here.has(folder);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Creates a folder for one attempt of one job, outside of every project. `wanted`: the name of an earlier one, which it has where that is
 * free. Throws `NotConfigured` where there is no place.
 */
export async function createWorkspace(config: WorkspacePlaces, wanted = ''): Promise<Workspace> {
  const [root, prefix] = [await workspaceRoot(config), workspacePrefix(config)];
  const isName = wanted.startsWith(prefix) && UUID.test(wanted.slice(prefix.length));
  const again = isName ? await takenAgain(join(root, wanted)) : undefined;
  const folder = again ?? join(root, `${prefix}${randomUUID()}`);
  const [source, home, temporary] = [join(folder, 'src'), join(folder, 'home'), join(folder, 'tmp')];
  here.add(folder);
  const letGo = keepFresh(join(folder, OWNER_FILE));
  const remove = async () => {
    letGo();
    await removeFolder(folder);
    here.delete(folder);
  };
  try {
    for (const path of [source, home, temporary]) await mkdir(path, { recursive: true, mode: 0o700 });
    await writeOwner(folder);
  } catch (error) {
    // The disk is full, for example: nobody would know whose it is.
    await remove().catch(() => undefined);
    throw error;
  }
  return { folder, source, home, temporary, remove };
}

/** Makes a folder for this process, and returns its path; undefined where there is one. */
async function takenAgain(folder: string): Promise<string | undefined> {
  // The folder of its socket may lie where others can make one of the name, which they have seen there before.
  if (here.has(folder) || existsSync(socketFolderOf(folder))) return undefined;
  here.add(folder);
  try {
    await mkdir(folder, { mode: 0o700 });
    return folder;
  } catch {
    here.delete(folder);
    return undefined;
  }
}

const REMOVE_MS = 10 * 60_000;

/**
 * Removes a folder, also if a step has made a part of it read-only, or has nested it deeply. Throws where it can't, and where something is
 * mounted in it, which is not the job's.
 */
export async function removeFolder(folder: string): Promise<void> {
  await refuseMounts(folder);
  const options = { recursive: true, force: true, maxRetries: 3, retryDelay: 100 };
  try {
    await rm(folder, options);
  } catch {
    await makeWritable(folder);
    // Unlike Node, it goes into folders whose path is longer than paths may be.
    const { failed, stderr } = await execa('rm', ['-rf', '--', folder], {
      env: shortEnvironment(),
      extendEnv: false,
      reject: false,
      timeout: REMOVE_MS,
    });
    if (failed) throw new Error(`${folder} can't be removed: ${stderr.slice(-300)}`);
  }
}

/** Throws where something is mounted below a folder. */
export async function refuseMounts(folder: string): Promise<void> {
  const [place] = await mountsBelow(folder);
  if (place !== undefined)
    throw new Error(`something is mounted at ${place}: unmount it, and delete the folder by hand`);
}

async function makeWritable(folder: string): Promise<void> {
  // A link here would lead out of the workspace.
  if (!(await lstat(folder).catch(() => undefined))?.isDirectory()) return;
  await chmod(folder, 0o700).catch(() => undefined);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
}
