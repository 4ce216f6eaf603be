import { z } from 'zod';
import type { Commit, PullRequest, Repository, Sender } from '../../events/event.js';
import { cutToLength } from '../../events/truncate.js';
import { isOwnBranch } from '../own-branch.js';
import { commitMessage, id, issueNumber, linkBelow, nameLike, refName, sha, text, title } from '../shapes.js';

/*
 * Repositories, users, commits and pull requests, which Bitbucket Data Center describes alike in its payloads and in
 * its API's answers. `server` is the server's web base: older payloads have no links, so all addresses are made from
 * it.
 */

/** The project of a person is called `~user`. */
const projectKey = nameLike(/^~?(?!\.{1,2}$)[\w.-]{1,128}$/);
const slug = nameLike(/^(?!\.{1,2}$)[\w.-]{1,128}$/);

/** A repository of a payload or an answer. */
export const repositorySchema = z.object({
  id,
  slug,
  project: z.object({ key: projectKey, public: z.boolean().nullish() }),
  public: z.boolean().nullish(),
});

type RepositoryShape = z.output<typeof repositorySchema>;

/** Returns the repository of a payload or an answer. A public project makes its repositories public. */
export function toRepository(repository: RepositoryShape, server: string): Repository {
  return {
    id: repository.id,
    fullName: fullNameOf(repository),
    url: linkBelow(pageOf(repository, server), 'browse'),
    private: !(repository.public || repository.project.public),
  };
}

/** Returns the name as in the path that a repository is cloned from, `scm/<fullName>.git`. */
export function fullNameOf({ project, slug }: RepositoryShape): string {
  return `${project.key}/${slug}`;
}

/** Returns the address that all pages of a repository are below. */
export function pageOf({ project, slug }: RepositoryShape, server: string): string {
  return `${server}/projects/${project.key}/repos/${slug}`;
}

/** In characters. People have shorter ones. */
const MAX_NAME = 200;

/** A user. The name is not cut here: two long ones may begin alike, and permissions go by the whole. */
export const userSchema = z.object({
  name: z.string().nullish(),
  slug: text(100).nullish(),
  id: id.nullish(),
  type: z.string().nullish(),
});

/**
 * Returns who a user is. Anonymous ones have no name; access tokens of a repository or project act as a service user.
 */
export function toSender(user: z.output<typeof userSchema> | null | undefined): Sender {
  return {
    login: cutToLength(user?.name ?? '', MAX_NAME) || user?.slug || 'ghost',
    ...(user?.id && { id: user.id }),
    bot: user?.type === 'SERVICE',
  };
}

/** Unix ms; some versions write `2018-07-05T19:30:48+0000`. */
export const timeSchema = z
  .union([z.number(), text(50)])
  .nullish()
  .catch(undefined);

/** Returns a time as ISO 8601 in UTC. Undefined for what is not one. */
export function toTime(value: z.output<typeof timeSchema>): string | undefined {
  const time = new Date(value ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** A commit of a push. */
export const commitSchema = z.object({
  id: sha,
  message: commitMessage.nullish(),
  author: z.object({ name: text(100).nullish() }).nullish(),
});

type CommitShape = Pick<z.output<typeof commitSchema>, 'id'> & Partial<z.output<typeof commitSchema>>;

/** Returns the commit of a payload, of which the name may be all that is known. */
export function toCommit({ id: sha, message, author }: CommitShape, page: string): Commit {
  return {
    sha,
    ...(message && { message }),
    ...(author?.name && { author: author.name }),
    url: linkBelow(page, `commits/${sha}`),
  };
}

const sideSchema = z.object({ id: refName, latestCommit: sha, repository: repositorySchema });

/** A pull request of a payload or an answer. */
export const pullRequestSchema = z.object({
  id: issueNumber,
  title,
  state: z.enum(['OPEN', 'MERGED', 'DECLINED']),
  draft: z.boolean().nullish(),
  author: z.object({ user: userSchema.nullish() }).nullish(),
  // Without its repository where a fork is gone.
  fromRef: sideSchema.extend({ repository: repositorySchema.nullish() }),
  toRef: sideSchema,
  updatedDate: timeSchema,
});

type PullRequestShape = z.output<typeof pullRequestSchema>;

/** Returns the pull request of a payload or an answer. */
export function toPullRequest(pull: PullRequestShape, server: string): PullRequest {
  const { fromRef, toRef } = pull;
  const updatedAt = toTime(pull.updatedDate);
  return {
    number: pull.id,
    title: pull.title,
    url: pullRequestUrl(pull, server),
    ...(pull.author?.user && { author: toSender(pull.author.user).login }),
    state: pull.state === 'OPEN' ? 'open' : 'closed',
    draft: pull.draft === true,
    fork: isFork(pull),
    merged: pull.state === 'MERGED',
    labels: [],
    base: { ref: branchOf(toRef.id), sha: toRef.latestCommit },
    head: {
      ref: branchOf(fromRef.id),
      sha: fromRef.latestCommit,
      ...(fromRef.repository && { repository: fullNameOf(fromRef.repository) }),
    },
    ...(updatedAt && { updatedAt }),
  };
}

/**
 * Returns whether the code of a pull request is a stranger's: see {@link isOwnBranch}. The head of a deleted fork has no
 * repository.
 */
function isFork({ fromRef, toRef }: PullRequestShape): boolean {
  return !isOwnBranch({ ref: fromRef.id, head: [fromRef.repository?.id], base: toRef.repository.id });
}

/** Returns the address of a pull request's page. */
export function pullRequestUrl({ id, toRef }: PullRequestShape, server: string): string {
  return linkBelow(pageOf(toRef.repository, server), `pull-requests/${id}`);
}

/** Returns the commit at the head of a pull request, which has a page below that of the pull request. */
export function headOf(pull: PullRequestShape, server: string): Commit {
  return toCommit({ id: pull.fromRef.latestCommit }, pullRequestUrl(pull, server));
}

/** Returns a branch's name without `refs/heads/`. */
export function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
