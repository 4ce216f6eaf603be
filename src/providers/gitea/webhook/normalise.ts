import { z } from 'zod';
import type { RepositoryEvent } from '../../../events/event.js';
import { normaliseIssueComment } from '../../github/webhook/comment.js';
import { normalisePush } from '../../github/webhook/push.js';
import { normaliseRelease } from '../../github/webhook/release.js';
import { narrow } from '../../parse.js';
import { refName, repositorySchema, sha, toRepository, toSender, userSchema } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { normaliseGiteaReview, normalisePullRequest } from './pull-request.js';

type Normalise = (payload: unknown, context: ProviderContext) => Normalised;

/** By the name in the event header. What is of GitHub's shape is read as GitHub's is. */
const byEvent: Readonly<Record<string, Normalise>> = {
  push: onBranches,
  create: onCreate,
  delete: onDelete,
  pull_request: normalisePullRequest,
  pull_request_approved: normaliseGiteaReview('approved'),
  pull_request_rejected: normaliseGiteaReview('changes_requested'),
  pull_request_comment: normaliseGiteaReview('commented'),
  issue_comment: normaliseIssueComment,
  release: normaliseRelease,
};

/** Turns a payload of Gitea, Forgejo or Gogs into an event of ours. */
export function normalise(payload: unknown, eventName: string, context: ProviderContext): Normalised {
  const known = Object.hasOwn(byEvent, eventName) ? byEvent[eventName] : undefined;
  return known ? known(payload, context) : { ignored: `no automation can listen to ${eventName} events` };
}

/** A pushed tag comes with a `create` event too, and of some versions with that alone. */
function onBranches(payload: unknown, context: ProviderContext): Normalised {
  const pushed = normalisePush(payload, context);
  const isTag = 'event' in pushed && (pushed.event.kind === 'tag' || pushed.event.kind === 'tag_deleted');
  return isTag ? { ignored: 'the create or delete event says the same' } : pushed;
}

const refSchema = z.object({
  ref: refName,
  ref_type: z.string(),
  sha: sha.nullish(),
  repository: repositorySchema,
  sender: userSchema.nullish(),
});

function onCreate(payload: unknown, context: ProviderContext): Normalised {
  const read = narrow(refSchema, payload, 'create');
  if (read.ref_type !== 'tag') return { ignored: 'the push event says the same' };
  const tag = shortName(read.ref);
  if (!read.sha) return { ignored: 'the tag names no commit' };
  return {
    event: {
      ...about(read, context),
      kind: 'tag',
      ref: `refs/tags/${tag}`,
      tag,
      commit: { sha: read.sha },
      created: true,
    },
  };
}

function onDelete(payload: unknown, context: ProviderContext): Normalised {
  const read = narrow(refSchema, payload, 'delete');
  const name = shortName(read.ref);
  if (read.ref_type === 'tag')
    return { event: { ...about(read, context), kind: 'tag_deleted', ref: `refs/tags/${name}`, tag: name } };
  return { event: { ...about(read, context), kind: 'branch_deleted', ref: `refs/heads/${name}`, branch: name } };
}

/** These events have the short name, newer versions of some the full one. */
function shortName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}

function about(
  read: z.output<typeof refSchema>,
  context: ProviderContext,
): Pick<RepositoryEvent, keyof ProviderContext | 'repository' | 'sender'> {
  return { ...context, repository: toRepository(read.repository), sender: toSender(read.sender) };
}
