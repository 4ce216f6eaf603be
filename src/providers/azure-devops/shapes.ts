import { z } from 'zod';
import type { Commit, PullRequest, Repository, Sender } from '../../events/event.js';
import { isOwnBranch } from '../own-branch.js';
import { branchName, commitMessage, issueNumber, labelsBy, linkBelow, refName, sha, text, title } from '../shapes.js';

/*
 * Repositories, identities, commits and pull requests, which Azure DevOps describes alike in its payloads and in its
 * API's answers. `organisation` is the source's URL: `https://dev.azure.com/<organisation>`, or a server's collection.
 */

/**
 * A name of a project or repository. It may hold blanks and letters of any language.
 * Source: https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions
 */
export const name = z.string().regex(/^(?!\.{1,2}$)[^\p{Cc}\p{Cs}\\/:*?"<>|;#${},+=[\]]{1,64}$/u);

/** A repository of a payload or an answer. */
export const repositorySchema = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  name,
  defaultBranch: branchName,
  project: z.object({ name, visibility: z.string().nullish() }),
});

type RepositoryShape = z.output<typeof repositorySchema>;
type RepositoryNames = Pick<RepositoryShape, 'project' | 'name'>;

/** Returns the repository of a payload or an answer. */
export function toRepository(repository: RepositoryShape, organisation: string): Repository {
  return {
    id: repository.id,
    fullName: fullNameOf(repository),
    url: pageOf(repository, organisation),
    ...(repository.defaultBranch && { defaultBranch: branchOf(repository.defaultBranch) }),
    // Often `unchanged`, which says nothing.
    private: repository.project.visibility !== 'public',
  };
}

/** Returns `project/repository` as they are called: nothing is escaped here. */
function fullNameOf({ project, name }: RepositoryNames): string {
  return `${project.name}/${name}`;
}

/** Returns the address of a repository's page, which is also what it is cloned from. */
export function pageOf({ project, name }: RepositoryNames, organisation: string): string {
  return `${organisation}/${encodeURIComponent(project.name)}/_git/${encodeURIComponent(name)}`;
}

/** Returns a branch's name without `refs/heads/`. */
export function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

/** A person or a service. */
export const identitySchema = z.object({
  displayName: text(200).nullish(),
  uniqueName: text(200).nullish(),
  descriptor: text(300).nullish(),
  id: z
    .string()
    .regex(/^[\w.@-]{1,100}$/)
    .nullish()
    .catch(undefined),
});

/** What {@link identitySchema} reads. */
export type Identity = z.output<typeof identitySchema>;

/** Returns who an identity is. Pipelines act as `Build\<collection>`, an identity of the services themselves. */
export function toSender(identity: Identity | null | undefined): Sender {
  return {
    login: identity?.uniqueName || identity?.displayName || 'ghost',
    ...(identity?.id && { id: identity.id }),
    bot: /^(?:Build|Service)\\/.test(identity?.uniqueName ?? '') || /^svc\./.test(identity?.descriptor ?? ''),
  };
}

/** A commit of a push. */
export const commitSchema = z.object({
  commitId: sha,
  comment: commitMessage.nullish(),
  author: z.object({ name: text(100).nullish() }).nullish(),
});

type CommitShape = Pick<z.output<typeof commitSchema>, 'commitId'> & Partial<z.output<typeof commitSchema>>;

/** Returns the commit of a payload, of which the name may be all that is known. `page` is that of its repository. */
export function toCommit({ commitId: sha, comment, author }: CommitShape, page: string): Commit {
  return {
    sha,
    ...(comment && { message: comment }),
    ...(author?.name && { author: author.name }),
    url: linkBelow(page, `commit/${sha}`),
  };
}

const headSchema = commitSchema.pick({ commitId: true });
const forkSchema = z.object({ name, project: z.object({ name }) });

/** A hook may be set to send less than all: see {@link isWhole}. */
export const pullRequestSchema = z.object({
  pullRequestId: issueNumber.nullish(),
  title,
  status: z.string().nullish(),
  closedDate: z.string().nullish().catch(undefined),
  isDraft: z.boolean().nullish(),
  sourceRefName: refName.nullish(),
  targetRefName: refName.nullish(),
  lastMergeSourceCommit: headSchema.nullish(),
  lastMergeTargetCommit: headSchema.nullish(),
  /** Present when the head lives in another repository; without its names where one may not see it. */
  forkSource: z.object({ repository: z.unknown().optional() }).nullish(),
  labels: labelsBy('name'),
  createdBy: identitySchema.nullish(),
  closedBy: identitySchema.nullish(),
  reviewers: z.array(identitySchema.extend({ vote: z.int().nullish() })).nullish(),
  repository: repositorySchema.nullish(),
});

type PullRequestShape = z.output<typeof pullRequestSchema>;
type Needed = 'pullRequestId' | 'status' | 'sourceRefName' | 'targetRefName' | 'repository';
/** A pull request for which {@link isWhole} is true. */
export type WholePullRequest = PullRequestShape & { readonly [K in Needed]: NonNullable<PullRequestShape[K]> };

const NEEDED: readonly Needed[] = ['pullRequestId', 'status', 'sourceRefName', 'targetRefName', 'repository'];

/** Returns whether a pull request has the fields that the documentation always shows. */
export function isWhole(pull: PullRequestShape | null | undefined): pull is WholePullRequest {
  return Boolean(pull && NEEDED.every((field) => pull[field]));
}

/**
 * Returns the pull request of a payload or an answer. Undefined when Azure DevOps does not
 * know its head yet.
 */
export function toPullRequest(pull: WholePullRequest, organisation: string): PullRequest | undefined {
  const { forkSource, lastMergeSourceCommit: head, lastMergeTargetCommit: base } = pull;
  if (!head) return undefined;
  const fork = forkSchema.safeParse(forkSource?.repository).data;
  const repository = forkSource ? fork && fullNameOf(fork) : fullNameOf(pull.repository);
  return {
    ...toldWithoutHead(pull, organisation),
    state: pull.status === 'active' ? 'open' : 'closed',
    fork: isFork(pull),
    base: { ref: branchOf(pull.targetRefName), ...(base && { sha: base.commitId }) },
    head: { ref: branchOf(pull.sourceRefName), sha: head.commitId, ...(repository && { repository }) },
  };
}

/** Returns what a pull request tells of which Azure DevOps does not say the head. */
export function toldWithoutHead(
  pull: WholePullRequest,
  organisation: string,
): Omit<PullRequest, 'state' | 'fork' | 'base' | 'head'> {
  return {
    number: pull.pullRequestId,
    title: pull.title,
    url: pullRequestUrl(pull, organisation),
    ...(pull.createdBy && { author: toSender(pull.createdBy).login }),
    draft: pull.isDraft === true,
    merged: pull.status === 'completed',
    labels: pull.labels,
  };
}

/**
 * Returns whether the code of a pull request is a stranger's: see {@link isOwnBranch}. Azure DevOps names the repository
 * of a fork in `forkSource`, whatever that holds, and leaves it out of all others.
 */
function isFork({ sourceRefName, forkSource, repository }: WholePullRequest): boolean {
  return !isOwnBranch({ ref: sourceRefName, head: [forkSource ? undefined : repository.id], base: repository.id });
}

/** Returns the address of a pull request's page. */
export function pullRequestUrl({ repository, pullRequestId }: WholePullRequest, organisation: string): string {
  return `${pageOf(repository, organisation)}/pullrequest/${pullRequestId}`;
}
