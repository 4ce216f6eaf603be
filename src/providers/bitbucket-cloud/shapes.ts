import { z } from 'zod';
import type { Commit, PullRequest, Repository, Sender } from '../../events/event.js';
import { isOwnBranch } from '../own-branch.js';
import { commitMessage, commitName, fullName, issueNumber, link, linkBelow, refName, text, title } from '../shapes.js';
import type { EventBase, ProviderContext } from '../webhook-scheme.js';

/*
 * Repositories, accounts, commits and pull requests, which Bitbucket Cloud describes alike in its payloads and in its
 * API's answers.
 */

/** The links of a thing, of which its page is used. */
export const links = z.object({ html: z.object({ href: link }).nullish() }).nullish();

/** Written in braces. It stays the same when the repository is renamed or moved. */
const uuid = z
  .string()
  .regex(/^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i)
  .transform((value) => value.slice(1, -1).toLowerCase());

/** A repository of a payload or an answer. */
export const repositorySchema = z.object({
  uuid: uuid.nullish(),
  full_name: fullName,
  is_private: z.boolean().nullish(),
  mainbranch: z.object({ name: refName }).nullish().catch(undefined),
  links,
});

type RepositoryShape = z.output<typeof repositorySchema>;

/** Returns the repository of a payload or an answer. One that does not say whether it is private counts as private. */
export function toRepository(repository: RepositoryShape): Repository {
  return {
    id: repository.uuid ?? repository.full_name,
    fullName: repository.full_name,
    url: pageOf(repository),
    ...(repository.mainbranch && { defaultBranch: repository.mainbranch.name }),
    private: repository.is_private ?? true,
  };
}

/** Returns the address of a repository's page. */
export function pageOf({ links, full_name }: RepositoryShape): string {
  return links?.html?.href ?? `https://bitbucket.org/${full_name}`;
}

/** A person, a team or an app. People have had no `username` since 2019, teams still do. */
export const accountSchema = z.object({
  type: z.string().nullish(),
  uuid: z.string().nullish(),
  nickname: text(100).nullish(),
  username: text(100).nullish(),
  display_name: text(100).nullish(),
  account_id: z
    .string()
    .regex(/^[\w:.-]{1,128}$/)
    .nullish()
    .catch(undefined),
});

/** What {@link accountSchema} reads. */
export type Account = z.output<typeof accountSchema>;

/** Returns who an account is. An app's account has a type of its own; a person may choose any name. */
export function toSender(account: Account | null | undefined): Sender {
  return {
    login: loginOf(account) ?? 'ghost',
    ...(account?.account_id && { id: account.account_id }),
    bot: account?.type === 'app_user',
  };
}

function loginOf(account: Account | null | undefined): string | undefined {
  return account?.nickname || account?.username || account?.display_name || undefined;
}

/** A time with any offset, as ISO 8601 in UTC. */
export const time = z.iso.datetime({ offset: true }).transform((value) => new Date(value).toISOString());

/** A commit of a push. */
export const commitSchema = z.object({
  hash: commitName,
  message: commitMessage.nullish(),
  author: z.object({ raw: text(300).nullish(), user: accountSchema.nullish() }).nullish(),
  links,
});

/** Returns the commit of a payload. Its author's e-mail address, which is in `raw` after the name, is left out. */
export function toCommit({ hash: sha, message, author, links }: z.output<typeof commitSchema>): Commit {
  const name = loginOf(author?.user) ?? author?.raw?.split('<', 1)[0]?.trim();
  return {
    sha,
    ...(message && { message }),
    ...(name && { author: name }),
    ...(links?.html && { url: links.html.href }),
  };
}

const sideSchema = z.object({
  branch: z.object({ name: refName }).nullish(),
  commit: z.object({ hash: commitName }).nullish(),
  repository: repositorySchema.nullish(),
});

/** A pull request of a payload or an answer. */
export const pullRequestSchema = z.object({
  id: issueNumber,
  title,
  state: z.string(),
  draft: z.boolean().nullish(),
  author: accountSchema.nullish(),
  source: sideSchema,
  destination: sideSchema,
  updated_on: time.nullish().catch(undefined),
  links,
});

type PullRequestShape = z.output<typeof pullRequestSchema>;

/** The states in which a pull request is over. It is open as `OPEN`, as `DRAFT`, and `QUEUED` for its merge. */
const CLOSED: readonly string[] = ['MERGED', 'DECLINED', 'SUPERSEDED'];

/** Returns whether a pull request is open; so it is in a state that was added since, or its code would go unbuilt. */
export function isOpen({ state }: Pick<PullRequestShape, 'state'>): boolean {
  return !CLOSED.includes(state);
}

/**
 * Returns the pull request of a payload or an answer, its commits by their first 12 digits. Undefined when its branch
 * was deleted, which leaves out branch and commit. `page` is the address of the repository's page.
 */
export function toPullRequest(pull: PullRequestShape, page: string): PullRequest | undefined {
  const { source, destination } = pull;
  if (!source.commit || !source.branch || !destination.branch) return undefined;
  return {
    ...toldWithoutHead(pull, page),
    state: isOpen(pull) ? 'open' : 'closed',
    fork: isFork(source.branch.name, source.repository, destination.repository),
    base: { ref: destination.branch.name, ...(destination.commit && { sha: destination.commit.hash }) },
    head: {
      ref: source.branch.name,
      sha: source.commit.hash,
      ...(source.repository && { repository: source.repository.full_name }),
    },
  };
}

/** Returns what a pull request whose branch was deleted still tells. */
export function toldWithoutHead(
  pull: PullRequestShape,
  page: string,
): Omit<PullRequest, 'state' | 'fork' | 'base' | 'head'> {
  return {
    number: pull.id,
    title: pull.title,
    url: pullRequestUrl(pull, page),
    ...(pull.author && { author: toSender(pull.author).login }),
    draft: pull.draft === true || pull.state === 'DRAFT',
    merged: pull.state === 'MERGED',
    labels: [],
    ...(pull.updated_on && { updatedAt: pull.updated_on }),
  };
}

/**
 * Returns whether the code of a pull request is a stranger's: see {@link isOwnBranch}. A fork that was deleted is left
 * out. Repositories are told apart by their ids, and by their names where either has none.
 */
function isFork(
  ref: string,
  from: RepositoryShape | null | undefined,
  to: RepositoryShape | null | undefined,
): boolean {
  const field = from?.uuid && to?.uuid ? 'uuid' : 'full_name';
  return !isOwnBranch({ ref, head: [from?.[field]], base: to?.[field] });
}

/** Returns the address of a pull request's page, given that of its repository's. */
export function pullRequestUrl(pull: Pick<PullRequestShape, 'id' | 'links'>, page: string): string {
  return pull.links?.html?.href ?? linkBelow(page, `pull-requests/${pull.id}`);
}

/** The fields that every payload has beside what happened. */
export const envelope = { repository: repositorySchema, actor: accountSchema.nullish() };

/** Returns the part of an event that follows from the {@link envelope} of its payload. */
export function toEventBase(
  { repository, actor }: { repository: RepositoryShape; actor?: Account | null | undefined },
  context: ProviderContext,
): EventBase {
  return { ...context, repository: toRepository(repository), sender: toSender(actor) };
}
