import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../contract/index.js';
import { type GitAnswer, type GitCall, git, mustGit, remoteFailure } from './git.js';
import { checkedRef, checkedSha } from './names.js';
import type { GitRemote } from './remote.js';

/** A commit to fetch. */
export interface WantedCommit {
  readonly sha: string;
  /** The ref to fetch first. */
  readonly ref?: string | undefined;
}

/** A repository on this machine, and the remote to fetch from. */
export type FetchCall = GitCall & { readonly remote: GitRemote };

/**
 * Fetches a commit, and no more than needed: nothing, the ref, the commit, or everything. Else throws a final `Gone`.
 */
export async function ensureCommit(call: FetchCall, { sha, ref }: WantedCommit): Promise<void> {
  const has = async () => (await git(call, 'cat-file', '-e', `${checkedSha(sha)}^{commit}`)).ok;
  if (await has()) return keep(call, sha);
  const { url } = call.remote;
  if (ref !== undefined && (await fetch(call, [`+${checkedRef(ref)}:${ref}`])).ok && (await has()))
    return keep(call, sha);
  // The branch has moved on. Most servers serve a commit by its name.
  if ((await fetch(call, [sha])).ok && (await has())) return keep(call, sha);
  await fetchAll(call);
  if (await has()) return keep(call, sha);
  const message = `commit ${sha.slice(0, 12)} is not in ${url}: was it force-pushed away?`;
  throw ApplicationFailure.nonRetryable(message, 'Gone' satisfies FailureType);
}

/**
 * Fetches all branches and tags, and deletes those that are gone: a branch `a` would be in the way of `a/b`. Throws a
 * failure that is retried when the remote can't be reached.
 */
export async function fetchAll(call: FetchCall): Promise<void> {
  const answer = await fetch(call, ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'], '--prune');
  if (!answer.ok) throw remoteFailure(`git can't fetch from ${call.remote.url}`, answer);
}

function fetch(call: FetchCall, refspecs: readonly string[], ...more: readonly string[]): Promise<GitAnswer> {
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', ...more];
  return git(call, 'fetch', ...options, '--end-of-options', call.remote.url, ...refspecs);
}

/** Gives the commit a ref, or notes that it is used, so that it is neither deleted during a job nor soon after. */
async function keep(call: GitCall, sha: string): Promise<void> {
  const ref = `refs/hookyard/${sha}`;
  const now = new Date();
  await utimes(join(call.cwd, ref), now, now).catch(() => mustGit(call, 'update-ref', ref, sha));
}
