import { join } from 'node:path';
import { notConfigured, refused, unavailable } from '../failures.js';
import { type GitCall, git, mustGit } from '../git/git.js';

/** Named in the failure; of more, how many. */
const MAX_NAMED = 20;

/** A merge that was made here. */
export interface Merge {
  readonly commit: string;
  /** The commit of the branch that it is merged into. */
  readonly base: string;
}

/** Whose merge commits are: nobody's. */
const IDENTITY = {
  GIT_AUTHOR_NAME: 'Hookyard',
  GIT_AUTHOR_EMAIL: 'hookyard@noreply.invalid',
  GIT_COMMITTER_NAME: 'Hookyard',
  GIT_COMMITTER_EMAIL: 'hookyard@noreply.invalid',
};

/**
 * Merges a commit into a branch of `origin`, and returns the names of the merge commit and of the branch's: the merge has that and
 * the commit as its parents, and the same ones give the same merge. Writes objects, and neither files nor refs. Throws `Refused` with the names of the files that are in conflict.
 */
export async function mergeInto(call: GitCall, { branch, head }: { branch: string; head: string }): Promise<Merge> {
  const found = await git(
    call,
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `refs/remotes/origin/${branch}^{commit}`,
  );
  const base = found.stdout.trim();
  if (!found.ok)
    throw refused(`${head.slice(0, 12)} can't be merged: there is no branch ${JSON.stringify(branch)} any more`);
  // Git would read how to merge (`merge=union`, `binary`) from the attributes of the files that are there: those of another job's commit.
  const apart = { ...call, cwd: join(call.cwd, '.git') };
  const merged = await git(apart, 'merge-tree', '--write-tree', '--no-messages', '--name-only', '-z', base, head);
  const [tree = '', ...names] = merged.stdout.split('\0').filter((part) => part !== '');
  const what = `${head.slice(0, 12)} can't be merged into ${branch} at ${base.slice(0, 12)}`;
  if (!merged.ok) {
    if (/^[0-9a-f]{40,}$/.test(tree)) throw refused(`${what}: ${inWords([...new Set(names)])}`);
    if (/unrelated histories/.test(merged.said)) throw refused(`${what}: they have no commit in common`);
    if (/usage: git merge-tree|unknown option|not a valid object name --write-tree/i.test(merged.said))
      throw notConfigured('checkout.merge needs git 2.38 or newer on the worker');
    throw unavailable(`${what}: ${merged.said}`);
  }
  const times = (await mustGit(call, 'show', '--no-patch', '--format=%ct', base, head)).split('\n').map(Number);
  const at = `${Math.max(...times)} +0000`;
  const env = { ...IDENTITY, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at };
  const message = `Merge ${head} into ${branch}`;
  const commit = await mustGit({ ...call, env }, 'commit-tree', tree, '-p', base, '-p', head, '-m', message);
  return { commit: commit.trim(), base };
}

function inWords(files: readonly string[]): string {
  const named = files.slice(0, MAX_NAMED).map((file) => JSON.stringify(file));
  const more = files.length > MAX_NAMED ? ` and ${files.length - MAX_NAMED} more` : '';
  return `conflicts in ${named.join(', ')}${more}. Merge the branch or rebase on it, and push`;
}
