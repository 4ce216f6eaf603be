import { z } from 'zod';
import type { Commit, RepositoryEvent } from '../../../events/event.js';
import { isZeroSha } from '../../../events/git-names.js';
import { isOfQueue } from '../../facts.js';
import { forcedOf } from '../../forced.js';
import { parsePayload } from '../../parse.js';
import { commitMessage, refName, sha, text } from '../../shapes.js';
import { unpeeledUnless } from '../../unpeeled.js';
import type { EventBase, Normalised, ProviderContext } from '../../webhook-scheme.js';
import { facts } from '../facts.js';
import { envelope, toEventBase } from '../shapes.js';
import { changedFiles, pushedCommits } from './changed-files.js';

const headCommitSchema = z.object({
  id: sha,
  message: commitMessage.nullish(),
  url: text(2_000).nullish(),
  author: z.object({ username: text(100).nullish(), name: text(100).nullish() }).nullish(),
});

const pushSchema = z.object({
  ref: refName,
  before: sha,
  after: sha,
  created: z.boolean().nullish(),
  deleted: z.boolean().nullish(),
  forced: z.boolean().nullish(),
  // Only for the paths, the message and the author: the push counts without them.
  commits: pushedCommits.nullish().catch(undefined),
  /** Of all commits, where the payload says it: Gitea and Forgejo list five of them by default. */
  total_commits: z.int().nullish().catch(undefined),
  size: z.int().nullish().catch(undefined),
  head_commit: headCommitSchema.nullish().catch(undefined),
  ...envelope,
  // In seconds. Of Gitea and Forgejo, which tell of no such time, never there.
  repository: envelope.repository.extend({ pushed_at: z.int().positive().nullish().catch(undefined) }),
});

type Push = z.output<typeof pushSchema>;

const BRANCH = 'refs/heads/';
const TAG = 'refs/tags/';
/** Far beyond any time, and within what a date can be. */
const MAX_SECONDS = 1e11;

/** Reads GitHub's `push`: commits on a branch, a tag, or the deletion of either. */
export function normalisePush(payload: unknown, context: ProviderContext): Normalised {
  const push = parsePayload(pushSchema, payload, 'push');
  const base = toEventBase(push, context);
  if (push.ref.startsWith(BRANCH)) return { event: onBranch(push, push.ref.slice(BRANCH.length), base) };
  if (push.ref.startsWith(TAG)) return { event: onTag(push, push.ref.slice(TAG.length), base) };
  return { ignored: `${push.ref} is neither a branch nor a tag` };
}

function onBranch(push: Push, branch: string, base: EventBase): RepositoryEvent {
  if (isDeleted(push)) return { ...base, kind: 'branch_deleted', ref: push.ref, branch, ...beforeOf(push) };
  const files = changedFiles(push);
  return {
    ...base,
    kind: 'push',
    ref: push.ref,
    branch,
    ...(base.provider === 'github' && isOfQueue(facts, branch) && { mergeQueue: true as const }),
    ...pushedAtOf(push),
    ...beforeOf(push),
    commit: commitOf(push, push.after),
    ...(files && { changedFiles: files }),
    created: isCreated(push),
    ...forcedOf(isCreated(push), push.forced),
  };
}

function onTag(push: Push, tag: string, base: EventBase): RepositoryEvent {
  if (isDeleted(push)) return { ...base, kind: 'tag_deleted', ref: push.ref, tag, ...beforeOf(push) };
  // For an annotated tag, `after` is the tag object, and the head commit the commit that it points to.
  const commit = commitOf(push, push.head_commit?.id ?? push.after);
  const created = isCreated(push);
  const { ref } = push;
  return { ...base, kind: 'tag', ref, tag, ...pushedAtOf(push), commit, ...unpeeledUnless(push.head_commit), created };
}

const pushedAtOf = ({ repository: { pushed_at: at } }: Push) =>
  at && at < MAX_SECONDS ? { pushedAt: new Date(at * 1_000).toISOString() } : {};
const isDeleted = (push: Push): boolean => push.deleted === true || isZeroSha(push.after);
const isCreated = (push: Push): boolean => push.created === true || isZeroSha(push.before);
const beforeOf = (push: Push) => (isZeroSha(push.before) ? {} : { before: push.before });

function commitOf(push: Push, name: string): Commit {
  const head = push.head_commit?.id === name ? push.head_commit : listed(push, name);
  // Gitea's username is empty where the author has no account.
  const author = head?.author?.username || head?.author?.name;
  return {
    sha: name,
    ...(head?.message && { message: head.message }),
    ...(author && { author }),
    ...(head?.url && { url: head.url }),
  };
}

/** Returns a commit as a push lists it: Gogs, and old versions of Gitea, name no head commit beside. */
function listed({ commits }: Push, name: string): z.output<typeof headCommitSchema> | undefined {
  return headCommitSchema.safeParse(commits?.find(({ id }) => id === name)).data;
}
