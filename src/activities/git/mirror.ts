import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runExclusive } from '../../async/mutex.js';
import { throwIfCancelled } from '../cancelled.js';
import { unavailable } from '../failures.js';
import { ensureCommit, fetchAll, type WantedCommit } from './fetch.js';
import { type GitCall, git, mustGit } from './git.js';
import type { GitRemote } from './remote.js';
import { isBroken, removeStaleLocks } from './repair.js';

export interface Mirror {
  /** A bare repository on this machine. */
  readonly folder: string;
  /** Fetches the commit unless it is there already. Throws a final `Gone` when the remote does not have it. */
  ensureCommit(commit: WantedCommit): Promise<void>;
  /** Deletes the mirror if an object of the commit can't be read. Returns whether it did. */
  discardIfBroken(sha: string): Promise<boolean>;
  /** Fetches all branches and tags, and deletes those that are gone. */
  fetchAll(): Promise<void>;
}

/**
 * Opens this machine's mirror of a remote repository, so that the next job of the repository fetches only what is new.
 * A mirror that turns out to be broken during a fetch is made again.
 */
export async function openMirror({
  data,
  remote,
  signal,
}: {
  data: string;
  remote: GitRemote;
  signal: AbortSignal;
}): Promise<Mirror> {
  const folder = join(data, 'mirrors', createHash('sha256').update(remote.url).digest('hex').slice(0, 32));
  const call = { cwd: folder, signal, remote };
  // Git's own locks keep other processes apart.
  const alone = <T>(work: () => Promise<T>) =>
    runExclusive({ key: folder, signal }, work).catch(async (error: unknown) => {
      if (!signal.aborted || error !== signal.reason) throw error;
      await throwIfCancelled();
      throw unavailable('stopped while another job was fetching from the same repository');
    });
  await alone(() => create(call));
  return {
    folder,
    ensureCommit: (commit) => alone(() => withRepair(call, () => ensureCommit(call, commit))),
    discardIfBroken: (sha) => alone(() => discardIfBroken(call, sha)),
    fetchAll: () => alone(() => withRepair(call, () => fetchAll(call))),
  };
}

/** Creates the mirror beside its place and renames it: nobody sees a half-made one. */
async function create({ cwd: folder, signal }: GitCall): Promise<void> {
  if (await isRepository(folder, signal)) return;
  const beside = `${folder}.${randomUUID()}`;
  await mkdir(beside, { recursive: true });
  try {
    await mustGit({ cwd: beside, signal }, 'init', '--quiet', '--bare', '.');
    await rename(beside, folder).catch(async () => {
      // Another process was faster, or something broken is in its place.
      if (await isRepository(folder, signal)) return;
      await rm(folder, { recursive: true, force: true });
      await rename(beside, folder);
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function isRepository(folder: string, signal: AbortSignal): Promise<boolean> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) return false;
  const { stdout, tookTooLong } = await git({ cwd: folder, signal }, 'rev-parse', '--is-bare-repository');
  if (tookTooLong) throw unavailable('git took too long to check a mirror');
  return stdout === 'true';
}

/**
 * Repairs the mirror and runs `work` again if it failed because of the mirror. That is checked only if the remote
 * answers.
 */
async function withRepair(call: GitCall & { remote: GitRemote }, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const answers = (await git(call, 'ls-remote', '--quiet', '--end-of-options', call.remote.url, 'HEAD')).ok;
    if (!answers) throw error;
    const wasLocked = await removeStaleLocks(call.cwd);
    const wasBroken = await discardIfBroken(call);
    if (!wasLocked && !wasBroken) throw error;
    await create(call);
    await work();
  }
}

async function discardIfBroken(call: GitCall, sha?: string): Promise<boolean> {
  const broken = await isBroken(call, sha);
  if (broken) await rm(call.cwd, { recursive: true, force: true });
  return broken;
}
