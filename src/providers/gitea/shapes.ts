import { z } from 'zod';
import type { PullRequest } from '../../events/event.js';
import { isDraftTitle } from '../draft-title.js';
import { repositorySchema } from '../github/shapes.js';
import { isOwnBranch } from '../own-branch.js';
import { id, issueNumber, labelsBy, link, optionalTime, refName, sha, text, title } from '../shapes.js';

/*
 * People and pull requests of Gitea, Forgejo and Gogs, which describe them alike in their payloads and in their APIs'
 * answers. Repositories have GitHub's shape.
 */

/** An account. Some versions of Gogs have `username` alone, the others have both. */
export const userSchema = z
  .object({ login: text(100).nullish(), username: text(100).nullish() })
  .transform(({ login, username }) => ({ login: login || username || '' }));

const sideSchema = z.object({
  ref: refName,
  // Its branch as well. Empty for the head of an AGit pull request, which was pushed without a branch.
  label: z.string().nullish().catch(undefined),
  // Empty when the branch is gone.
  sha: sha.or(z.literal('')).nullish(),
  repo_id: id.nullish(),
  repo: repositorySchema.pick({ id: true, full_name: true }).nullish(),
});

type Side = z.output<typeof sideSchema>;

/** A pull request. */
export const pullRequestSchema = z.object({
  number: issueNumber,
  title,
  html_url: link,
  state: z.enum(['open', 'closed']),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  updated_at: optionalTime,
  user: userSchema.nullish(),
  labels: labelsBy('name'),
  base: sideSchema,
  head: sideSchema,
});

/**
 * Returns the pull request of a payload or an answer. Undefined when its head branch is
 * gone: then it names no commit.
 */
export function toPullRequest({ base, head, ...pull }: z.output<typeof pullRequestSchema>): PullRequest | undefined {
  if (!head.sha) return undefined;
  return {
    number: pull.number,
    title: pull.title,
    url: pull.html_url,
    // Null for a deleted account, which the web pages show as `ghost`.
    author: pull.user?.login || 'ghost',
    state: pull.state,
    // Versions without the field go by the title.
    draft: pull.draft ?? isDraftTitle(pull.title),
    fork: isFork(head, base),
    merged: pull.merged === true,
    labels: pull.labels,
    base: { ref: base.ref, ...(base.sha && { sha: base.sha }) },
    head: { ref: head.ref, sha: head.sha, ...(head.repo && { repository: head.repo.full_name }) },
    ...(pull.updated_at && { updatedAt: new Date(pull.updated_at).toISOString() }),
  };
}

/**
 * Returns whether the code of a pull request is a stranger's: see {@link isOwnBranch}. An AGit pull request is one, though
 * its repository is the base's: anybody who may read that can push `refs/for/main`. Its head is `refs/pull/9/head`, as is
 * that of a deleted branch. Old versions tell of repositories by their ids alone; a deleted fork has none, or -1.
 */
function isFork(head: Side, base: Side): boolean {
  const isAgit = head.label === '';
  const ids = [head.repo?.id, head.repo_id].filter((id) => id !== undefined && id !== null);
  const told = base.repo && !head.repo ? [undefined] : ids;
  return isAgit || !isOwnBranch({ ref: head.ref, head: told, base: base.repo?.id ?? base.repo_id });
}
