import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../contract/index.js';
import { type GitAnswer, type GitCall, git, mustGit, remoteFailure } from './git.js';
import { checkedRef, checkedSha } from './names.js';
import { isMissing, noteFetched, type RefsBeside, refspecsOf, staleRefs } from './refs-beside.js';
import type { GitRemote } from './remote.js';

/** A commit to fetch. */
export interface WantedCommit {
  readonly sha: string;
  /** The ref to fetch first. */
  readonly ref?: string | undefined;
  readonly beside?: RefsBeside | undefined;
}

/** A repository on this machine, and the remote to fetch from. */
export type FetchCall = GitCall & { readonly remote: GitRemote };

/**
 * Fetches a commit, and no more than needed: nothing, the ref, the commit, or everything. Else throws a final `Gone`. The refs
 * that are wanted beside it come with the first fetch, or by one of their own.
 */
export async function ensureCommit(call: FetchCall, { sha, ref, beside }: WantedCommit): Promise<void> {
  const has = async () => (await git(call, 'cat-file', '-e', `${checkedSha(sha)}^{commit}`)).ok;
  let stale = await staleRefs(call.cwd, beside);
  if (!(await has())) {
    const came = ref === undefined ? undefined : await fetchWith(call, { ref, stale });
    if (came === 'all') stale = [];
    if (!came || !(await has())) await fetchCommit(call, sha, has);
  }
  await keep(call, sha);
  await fetchRefs(call, stale);
}

/** Fetches branches and tags that are older than they may be. Those that the remote does not have are gone afterwards. */
export async function ensureRefs(call: FetchCall, beside: RefsBeside): Promise<void> {
  await fetchRefs(call, await staleRefs(call.cwd, beside));
}

async function fetchRefs(call: FetchCall, stale: readonly string[]): Promise<void> {
  if (stale.length === 0) return;
  const began = Date.now();
  const { ok } = await fetch(call, refspecsOf(stale), '--prune');
  // One that is not there keeps git from fetching the others.
  for (const ref of ok ? [] : stale) {
    const { ok: isThere, said } = await fetch(call, refspecsOf([ref]), '--prune');
    if (isThere) continue;
    if (isMissing(said)) await git(call, 'update-ref', '-d', ref);
    else await fetchAll(call);
  }
  await noteFetched(call.cwd, stale, began);
}

/** Fetches the ref of a commit, and others in one go, or if there is one of these that is not there, without them. */
async function fetchWith(
  call: FetchCall,
  { ref, stale }: { ref: string; stale: readonly string[] },
): Promise<'all' | 'alone' | undefined> {
  const began = Date.now();
  const own = `+${checkedRef(ref)}:${ref}`;
  const others = stale.filter((one) => one !== ref);
  if (others.length > 0 && (await fetch(call, [own, ...refspecsOf(others)], '--prune')).ok) {
    await noteFetched(call.cwd, stale, began);
    return 'all';
  }
  return (await fetch(call, [own])).ok ? 'alone' : undefined;
}

/** Fetches a commit that its ref did not lead to: the branch has moved on, or is gone. */
async function fetchCommit(call: FetchCall, sha: string, has: () => Promise<boolean>): Promise<void> {
  const { url } = call.remote;
  // Most servers serve a commit by its name.
  if ((await fetch(call, [sha])).ok && (await has())) return;
  await fetchAll(call);
  if (await has()) return;
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
