import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { isSha } from '../../events/git-names.js';
import type { FailureType } from '../contract/index.js';
import { refused } from '../failures.js';
import { buildRefOf, keepBuildRef } from './build-refs.js';
import { type GitAnswer, type GitCall, git, remoteFailure } from './git.js';
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
 * Fetches a commit, and no more than needed: nothing, the ref, the commit, or everything. Returns its full name. Throws a final
 * `Gone` when the remote does not have it. The refs that are wanted beside it come with the first fetch, or by one of their own.
 */
export async function ensureCommit(call: FetchCall, { sha, ref, beside }: WantedCommit): Promise<string> {
  let stale = await staleRefs(call.cwd, beside);
  let commit = await found(call, checkedSha(sha));
  if (commit === undefined) {
    const came = ref === undefined ? undefined : await fetchWith(call, { sha, ref, stale });
    if (came === 'all') stale = [];
    if (came && ref) commit = (await leadsTo(call, ref, sha)) ?? (await found(call, sha));
    commit ??= await fetchCommit(call, sha);
  }
  await keepBuildRef(call, commit);
  await fetchRefs(call, stale);
  return commit;
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
  { sha, ref, stale }: { sha: string; ref: string; stale: readonly string[] },
): Promise<'all' | 'alone' | undefined> {
  const began = Date.now();
  // Most often the ref leads to the commit: then that has its own ref by the same call.
  const own = [ref, ...(isSha(sha) ? [buildRefOf(sha)] : [])].map((name) => `+${checkedRef(ref)}:${name}`);
  const others = stale.filter((one) => one !== ref);
  if (others.length > 0 && (await fetch(call, [...own, ...refspecsOf(others)], '--prune')).ok) {
    await noteFetched(call.cwd, stale, began);
    return 'all';
  }
  return (await fetch(call, own)).ok ? 'alone' : undefined;
}

/** Fetches a commit that its ref did not lead to: the branch has moved on, or is gone. */
async function fetchCommit(call: FetchCall, sha: string): Promise<string> {
  const { url } = call.remote;
  // Most servers serve a commit by its name.
  const byName = (await fetch(call, [sha])).ok ? await found(call, sha) : undefined;
  if (byName !== undefined) return byName;
  await fetchAll(call);
  const commit = await found(call, sha);
  if (commit !== undefined) return commit;
  const kind = (await git(call, 'cat-file', '-t', checkedSha(sha))).stdout.trim();
  if (kind === 'tree' || kind === 'blob')
    throw refused(`${sha.slice(0, 12)} is no commit: a tag of a file or a folder can't be checked out`);
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
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', ...more];
  return git(call, 'fetch', ...options, '--end-of-options', call.remote.url, ...refspecs);
}

/**
 * Returns the full name of a commit that is there. A branch or a tag may be called like the first digits of a commit, and git takes that
 * for what is meant: whoever may push one would choose what is built in the commit's name.
 */
async function found(call: GitCall, sha: string): Promise<string | undefined> {
  const commit = await commitBehind(call, sha);
  if (isSha(sha) || commit?.startsWith(sha)) return commit;
  const { stdout } = await git(call, 'rev-parse', `--disambiguate=${sha}`);
  const behind = await Promise.all(stdout.split('\n').flatMap((name) => (name ? [commitBehind(call, name)] : [])));
  const [own, ...others] = behind.filter((name) => name?.startsWith(sha));
  return others.length === 0 ? own : undefined;
}

async function commitBehind(call: GitCall, name: string): Promise<string | undefined> {
  const { ok, stdout } = await git(call, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  return ok ? stdout.trim() : undefined;
}

/** Returns the commit if the branch that was just fetched leads to it: git has looked whether all of it is there. */
async function leadsTo(call: GitCall, ref: string, sha: string): Promise<string | undefined> {
  // What a tag leads to may be no commit.
  if (!ref.startsWith('refs/heads/')) return undefined;
  const value = (await readFile(join(call.cwd, ref), 'utf8').catch(() => '')).trim();
  return value.length >= 40 && value.startsWith(sha) ? value : undefined;
}
