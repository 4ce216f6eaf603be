import { z } from 'zod';
import type { Commit, PullRequest, Repository, RepositoryEvent, Sender } from '../../events/event.js';
import { isDraftTitle } from '../draft-title.js';
import { isOwnBranch } from '../own-branch.js';
import { branchName, commitMessage, id, issueNumber, link, refName, sha, text, title } from '../shapes.js';
import type { ProviderContext } from '../webhook-scheme.js';

/** `group/project`, or a project in groups within groups. */
export const path = z
  .string()
  .max(300)
  .regex(/^[\w.-]+(?:\/[\w.-]+)+$/)
  .refine((value) => !value.split('/').some((part) => /^\.+$/.test(part)));

const projectSchema = z.object({
  id: id.nullish(),
  path_with_namespace: path,
  web_url: link,
  default_branch: branchName,
  /** 20 is public; 10, for all who are signed in, and 0 are not. */
  visibility_level: z.union([z.int(), z.string()]).nullish(),
});

/** A username, of which GitLab allows long ones: two of them may begin alike, and permissions go by the whole. */
const username = text(200).nullish();

/** A person, in payloads and in the API's answers. */
export const userSchema = z.object({ username });

/**
 * Bots of access tokens, and service accounts that kept the name that GitLab gave them. Sources:
 * https://docs.gitlab.com/user/project/settings/project_access_tokens/, https://docs.gitlab.com/api/group_service_accounts/
 */
const BOT = /^(?:project|group)_\d+_bot|^service_account_(?:\w+_)?[0-9a-f]{32}$|[_-]bot$/i;

/** Returns who acted, by the username; `ghost`, as on GitLab's pages, where a payload names nobody. */
function toSender(username: string | null | undefined): Sender {
  return username ? { login: username, bot: BOT.test(username) } : { login: 'ghost', bot: false };
}

function toRepository(project: z.output<typeof projectSchema>, projectId: string | null | undefined): Repository {
  return {
    id: project.id ?? projectId ?? project.path_with_namespace,
    fullName: project.path_with_namespace,
    url: project.web_url,
    ...(project.default_branch && { defaultBranch: project.default_branch }),
    private: String(project.visibility_level) !== '20',
  };
}

/** The fields that payloads have beside what happened. Pushes have the user's name at the top level. */
export const envelope = {
  project: projectSchema,
  project_id: id.nullish(),
  user: userSchema.nullish(),
  user_username: username,
};

/** Returns the part of an event that follows from the {@link envelope} of its payload. */
export function toEventBase(
  { project, project_id, user, user_username }: z.output<z.ZodObject<typeof envelope>>,
  context: ProviderContext,
): Pick<RepositoryEvent, keyof ProviderContext | 'repository' | 'sender'> {
  return {
    ...context,
    repository: toRepository(project, project_id),
    sender: toSender(user_username ?? user?.username),
  };
}

/** A commit in a payload. */
export const commitSchema = z.object({
  id: sha,
  message: commitMessage.nullish(),
  url: link.nullish(),
  author: z.object({ name: text(100).nullish() }).nullish(),
});

/** Returns the commit of a payload. */
export function toCommit(commit: z.output<typeof commitSchema>): Commit {
  return {
    sha: commit.id,
    ...(commit.message && { message: commit.message }),
    ...(commit.author?.name && { author: commit.author.name }),
    ...(commit.url && { url: commit.url }),
  };
}

/**
 * The fields of a merge request that are called the same in a payload's `object_attributes` and in the API's answer.
 */
export const mergeRequestSchema = z.object({
  iid: issueNumber,
  title,
  state: z.string(),
  draft: z.boolean().nullish(),
  /** What `draft` was called before 14.0. */
  work_in_progress: z.boolean().nullish(),
  source_branch: refName,
  target_branch: refName,
  source_project_id: id.nullish(),
  target_project_id: id.nullish(),
  updated_at: z.string().nullish().catch(undefined),
});

type MergeRequestFields = z.output<typeof mergeRequestSchema>;

/** A merge request, with what payloads and answers call differently. */
export interface MergeRequest extends MergeRequestFields {
  readonly url: string;
  /** Username. */
  readonly author?: string | null | undefined;
  readonly labels: readonly string[];
  readonly headSha: string;
  /** Path of the source project. */
  readonly headRepository?: string | undefined;
  readonly baseSha?: string | null | undefined;
}

const MAX_LABELS = 100;

/** The states in which a merge request or an issue is over. One is `locked` while it is merged, and open again where that fails. */
const CLOSED: readonly string[] = ['closed', 'merged'];

/** Returns whether a merge request or an issue is open; so it is in a state that was added since. */
export function isOpen({ state }: { readonly state: string }): boolean {
  return !CLOSED.includes(state);
}

/** Returns the merge request of a payload or an answer as a pull request, with its first 100 labels. */
export function toPullRequest(request: MergeRequest): PullRequest {
  const updatedAt = toTime(request.updated_at);
  return {
    number: request.iid,
    title: request.title,
    url: request.url,
    ...(request.author && { author: request.author }),
    state: isOpen(request) ? 'open' : 'closed',
    draft: isDraft(request),
    fork: isFork(request),
    merged: request.state === 'merged',
    labels: request.labels.slice(0, MAX_LABELS),
    base: { ref: request.target_branch, ...(request.baseSha && { sha: request.baseSha }) },
    head: {
      ref: request.source_branch,
      sha: request.headSha,
      ...(request.headRepository && { repository: request.headRepository }),
    },
    ...(updatedAt && { updatedAt }),
  };
}

/** Returns whether a merge request is a draft. */
export function isDraft({ draft, work_in_progress, title }: MergeRequestFields): boolean {
  return draft ?? work_in_progress ?? isDraftTitle(title);
}

/**
 * Returns whether the code of a merge request is a stranger's: see {@link isOwnBranch}. The source project is null once
 * the fork was deleted.
 */
export function isFork({
  source_branch: ref,
  source_project_id: from,
  target_project_id: to,
}: Pick<MergeRequestFields, 'source_branch' | 'source_project_id' | 'target_project_id'>): boolean {
  return !isOwnBranch({ ref, head: [from], base: to });
}

/**
 * Returns whether a ref is neither a branch nor a tag, but `refs/merge-requests/9/head` for example, which everybody may
 * bring about who can open a merge request.
 */
export function isForeignRef(ref: string | null | undefined): boolean {
  return /^refs\/(?!heads\/|tags\/)/.test(ref ?? '');
}

/** Returns `2022-01-17 15:47:39 UTC` or ISO 8601 as ISO 8601 in UTC; undefined for anything else. */
export function toTime(value: string | null | undefined): string | undefined {
  const time = value ? Date.parse(value.replace(/^(\S+) (\S+) UTC$/, '$1T$2Z')) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
