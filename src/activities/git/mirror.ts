import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../contract.js';
import { unavailable } from '../remote/failure.js';
import { type GitCall, git, mustGit } from './git.js';
import { checkedRef, checkedSha } from './names.js';
import type { GitRemote } from './remote.js';

export interface Mirror {
  /** A bare repository on this machine. */
  readonly folder: string;
  /** Fetches until the commit is there; not at all if it is already. Throws a final `Gone` when nobody has it. */
  ensureCommit(commit: { sha: string; ref?: string | undefined }): Promise<void>;
  /** Throws the mirror away if it is broken: the next attempt makes a new one. */
  discardIfBroken(): Promise<void>;
  /** Brings all branches and tags up to date, and drops those that are gone. */
  fetchAll(): Promise<void>;
}

/** Fetches into one mirror wait for each other here; those of another process are kept apart by git's own locks. */
const queues = new Map<string, Promise<unknown>>();

/** The mirror of a remote repository: the second job of a repository fetches only what is new. */
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
  const call: GitCall = { cwd: folder, signal, remote };
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = (queues.get(folder) ?? Promise.resolve()).then(work, work);
    const settled = mine
      .catch(() => undefined)
      .then(() => {
        if (queues.get(folder) === settled) queues.delete(folder);
      });
    queues.set(folder, settled);
    return mine;
  };
  await alone(() => create(folder, signal));
  return {
    folder,
    ensureCommit: (commit) => alone(() => ensureCommit(call, commit)),
    discardIfBroken: () => alone(() => discardIfBroken(call)),
    fetchAll: () => alone(() => fetchAll(call, true)),
  };
}

/** Made beside and renamed: a half-made mirror is never seen. */
async function create(folder: string, signal: AbortSignal): Promise<void> {
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
  if (!(await stat(folder).catch(() => undefined))) return false;
  return (await git({ cwd: folder, signal }, 'rev-parse', '--is-bare-repository')).stdout === 'true';
}

async function ensureCommit(call: GitCall, { sha, ref }: { sha: string; ref?: string | undefined }): Promise<void> {
  const has = async () => (await git(call, 'cat-file', '-e', `${checkedSha(sha)}^{commit}`)).ok;
  if (await has()) return;
  const { url } = call.remote as GitRemote;
  const fetch = (...refspecs: string[]) =>
    git(call, 'fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--end-of-options', url, ...refspecs);
  if (ref !== undefined && (await fetch(`+${checkedRef(ref)}:${ref}`)).ok && (await has())) return keep(call, sha);
  // The branch moved on: the commit itself, which most servers give out by name.
  if ((await fetch(sha)).ok && (await has())) return keep(call, sha);
  await fetchAll(call, false);
  if (await has()) return keep(call, sha);
  const message = `commit ${sha.slice(0, 12)} is not in ${url}: was it force-pushed away?`;
  throw ApplicationFailure.nonRetryable(message, 'Gone' satisfies FailureType);
}

/** Throws a failure that is retried when the remote can't be reached. */
async function fetchAll(call: GitCall, prune: boolean): Promise<void> {
  const { url } = call.remote as GitRemote;
  const how = ['--quiet', '--no-tags', '--no-write-fetch-head', ...(prune ? ['--prune'] : [])];
  const refspecs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  const { ok, said } = await git(call, 'fetch', ...how, '--end-of-options', url, ...refspecs);
  if (!ok) throw unavailable(`git can't fetch from ${url}: ${said}`);
}

async function discardIfBroken(call: GitCall): Promise<void> {
  const { ok } = await git(call, 'fsck', '--connectivity-only', '--no-dangling', '--no-progress');
  if (!ok) await rm(call.cwd, { recursive: true, force: true });
}

/** A ref of its own, so that no clean-up takes the commit away while a job is on it. */
async function keep(call: GitCall, sha: string): Promise<void> {
  await mustGit(call, 'update-ref', `refs/hookyard/${sha}`, sha);
}
