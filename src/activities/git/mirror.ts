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
  /** Fetches until the commit is there; not at all if it is already. Throws a final `Gone` when nobody has it. */
  ensureCommit(commit: WantedCommit): Promise<void>;
  /** Throws the mirror away if what belongs to the commit can't be read, and answers whether it did. */
  discardIfBroken(sha: string): Promise<boolean>;
  /** Brings all branches and tags up to date, and drops those that are gone. */
  fetchAll(): Promise<void>;
}

/**
 * The mirror of a remote repository: the second job of a repository fetches only what is new. A mirror that turns out to
 * be broken while it is fetched into is made anew.
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
  // Those of another process are kept apart by git's own locks.
  const alone = <T>(work: () => Promise<T>) =>
    runExclusive({ key: folder, signal }, work).catch(async (error: unknown) => {
      if (!signal.aborted || error !== signal.reason) throw error;
      await throwIfCancelled();
      throw unavailable('stopped while another job was fetching from the same repository');
    });
  await alone(() => create(call));
  return {
    folder,
    ensureCommit: (commit) => alone(() => healing(call, () => ensureCommit(call, commit))),
    discardIfBroken: (sha) => alone(() => discardIfBroken(call, sha)),
    fetchAll: () => alone(() => healing(call, () => fetchAll(call))),
  };
}

/** Made beside and renamed: a half-made mirror is never seen. */
async function create({ cwd: folder, signal }: GitCall): Promise<void> {
  if (await isRepository(folder, signal)) return;
  const beside = `${folder}.${randomUUID()}`;
  await mkdir(beside, { recursive: true });
  try {
    await mustGit({ cwd: beside, signal }, 'init', '--quiet', '--bare', '.');
    await rename(beside, folder).catch(async () => {
      // Another process was faster, or something broken is in the way.
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
  if (tookTooLong) throw unavailable('git took too long to look at a mirror');
  return stdout === 'true';
}

/** Once more when it failed for the mirror's sake. Whether that is so is only asked when the remote does answer. */
async function healing(call: GitCall & { remote: GitRemote }, work: () => Promise<void>): Promise<void> {
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
