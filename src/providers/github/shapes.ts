import { z } from 'zod';
import type { PullRequest, Repository, Sender, Stack } from '../../events/event.js';
import { isOwnBranch } from '../own-branch.js';
import {
  branchName,
  fullName,
  id,
  issueNumber,
  labelsBy,
  link,
  optionalTime,
  refName,
  sha,
  text,
  title,
} from '../shapes.js';
import type { EventBase, ProviderContext } from '../webhook-scheme.js';

/*
 * Repositories, people and pull requests, which GitHub describes alike in its payloads and in its API's answers. Gitea,
 * Forgejo and Gogs took over most of these shapes.
 */

/** A repository. */
export const repositorySchema = z.object({
  id,
  full_name: fullName,
  html_url: link,
  // Gogs has an empty one for a repository without commits.
  default_branch: branchName,
  private: z.boolean().nullish(),
});

/** Returns the repository of a payload or an answer. One that does not say whether it is private counts as private. */
export function toRepository(repository: z.output<typeof repositorySchema>): Repository {
  return {
    id: repository.id,
    fullName: repository.full_name,
    url: repository.html_url,
    ...(repository.default_branch && { defaultBranch: repository.default_branch }),
    private: repository.private ?? true,
  };
}

/** A person, an app or an organisation. */
export const userSchema = z.object({
  login: text(100).nullish(),
  /** What some versions of Gogs have instead. */
  username: text(100).nullish(),
  type: z.string().nullish(),
});

type User = z.output<typeof userSchema>;

/** As whom the workflows of Gitea and Forgejo act, which tell no type of an account. Nobody else can be called so there. */
const RUNNERS: readonly string[] = ['gitea-actions', 'forgejo-actions'];

/** Returns the person. GitHub sends null for a deleted account, which its web pages show as `ghost`. */
export function toSender(user: User | null | undefined): Sender {
  const login = user?.login || user?.username || 'ghost';
  return { login, bot: user?.type === 'Bot' || (!user?.type && RUNNERS.includes(login)) };
}

/** The fields that every payload has beside what happened. */
export const envelope = { repository: repositorySchema, sender: userSchema.nullish() };

/** Returns the part of an event that follows from the {@link envelope} of its payload. */
export function toEventBase(
  { repository, sender }: { repository: z.output<typeof repositorySchema>; sender?: User | null | undefined },
  context: ProviderContext,
): EventBase {
  return { ...context, repository: toRepository(repository), sender: toSender(sender) };
}

const sideSchema = z.object({ ref: refName, sha, repo: repositorySchema.pick({ id: true, full_name: true }) });

const count = issueNumber.nullish().catch(undefined);

/** Source: https://github.github.com/gh-stack/reference/webhooks. One that can't be read is none: the rest counts all the same. */
const stackSchema = z
  .object({
    number: count,
    size: count,
    position: count,
    base: z.object({ ref: refName, sha: sha.nullish().catch(undefined) }),
  })
  .nullish()
  .catch(undefined);

/** A pull request. */
export const pullRequestSchema = z.object({
  number: issueNumber,
  title,
  html_url: link,
  state: z.enum(['open', 'closed']),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  updated_at: optionalTime,
  user: userSchema.nullish(),
  labels: labelsBy('name'),
  base: sideSchema,
  stack: stackSchema,
  // Null when the fork was deleted.
  head: sideSchema.extend({ repo: sideSchema.shape.repo.nullish() }),
});

/**
 * Returns whether the code of a pull request is a stranger's: see {@link isOwnBranch}. The head of a deleted fork has no
 * repository.
 */
function isFork({ head, base }: Pick<z.output<typeof pullRequestSchema>, 'head' | 'base'>): boolean {
  return !isOwnBranch({ ref: head.ref, head: [head.repo?.id], base: base.repo.id });
}

/** Returns the pull request of a payload or an answer. */
export function toPullRequest(pull: z.output<typeof pullRequestSchema>): PullRequest {
  const { head, base } = pull;
  return {
    number: pull.number,
    title: pull.title,
    url: pull.html_url,
    author: toSender(pull.user).login,
    state: pull.state,
    draft: pull.draft === true,
    fork: isFork(pull),
    merged: pull.merged ?? Boolean(pull.merged_at),
    labels: pull.labels,
    base: { ref: base.ref, sha: base.sha },
    ...(pull.stack && { stack: toStack(pull.stack) }),
    head: { ref: head.ref, sha: head.sha, ...(head.repo && { repository: head.repo.full_name }) },
    ...(pull.updated_at && { updatedAt: new Date(pull.updated_at).toISOString() }),
  };
}

function toStack({ base, number, size, position }: NonNullable<z.output<typeof stackSchema>>): Stack {
  return {
    base: { ref: base.ref, ...(base.sha && { sha: base.sha }) },
    ...(number && { number }),
    ...(position && { position }),
    ...(size && { size }),
  };
}
