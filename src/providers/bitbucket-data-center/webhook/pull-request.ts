import { z } from 'zod';
import type { PullRequestAction, ReviewEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { refName, sha } from '../../shapes.js';
import { MalformedPayload, type Normalised, type ProviderContext } from '../../webhook-scheme.js';
import {
  headOf,
  pullRequestSchema,
  pullRequestUrl,
  toPullRequest,
  toRepository,
  toSender,
  userSchema,
} from '../shapes.js';

/** What an event holds that no payload says, and the server's web base. */
export type ServerContext = ProviderContext & { readonly server: string };

const schema = z.object({
  actor: userSchema.nullish(),
  pullRequest: pullRequestSchema,
  // One that can't be read is another: what is built once more is not lost.
  previousTarget: z.object({ id: refName }).nullish().catch({ id: '' }),
  // Of versions that have drafts.
  previousDraft: z.boolean().nullish().catch(undefined),
  addedReviewers: z.array(z.unknown()).nullish(),
});

type Read = z.output<typeof schema>;

/** Returns what reads `pr:opened` and the other events that mean one thing each. */
export function normalisePullRequest(action: PullRequestAction, state?: 'MERGED' | 'DECLINED') {
  return (payload: unknown, context: ServerContext): Normalised => {
    const read = parsePayload(schema, payload, 'pull request');
    if (state && read.pullRequest.state !== state)
      throw new MalformedPayload("the pull request's state does not fit the event's name");
    return toNormalised(read, { action, context });
  };
}

/** Reads `pr:modified`: the title, the description, the target branch or whether it is a draft changed. */
export function normaliseModified(payload: unknown, context: ServerContext): Normalised {
  const read = parsePayload(schema, payload, 'pull request');
  const baseChanged = Boolean(read.previousTarget) && read.previousTarget?.id !== read.pullRequest.toRef.id;
  return toNormalised(read, { action: modification(read), context, ...(baseChanged && { baseChanged }) });
}

function modification({ previousDraft, pullRequest }: Read): PullRequestAction {
  const isDraft = pullRequest.draft === true;
  if (typeof previousDraft !== 'boolean' || previousDraft === isDraft) return 'edited';
  return isDraft ? 'converted_to_draft' : 'ready_for_review';
}

/** Reads `pr:deleted`. The body still has the state before: open, declined or merged. The last two were told as closings. */
export function normaliseDeleted(payload: unknown, context: ServerContext): Normalised {
  const read = parsePayload(schema, payload, 'pull request');
  if (read.pullRequest.state !== 'OPEN') return { ignored: 'the pull request was closed before it was deleted' };
  return toNormalised(read, { action: 'closed', context, state: 'closed' });
}

/** Reads `pr:reviewer:updated`: the list of reviewers changed. */
export function normaliseReviewers(payload: unknown, context: ServerContext): Normalised {
  const read = parsePayload(schema, payload, 'pull request');
  return toNormalised(read, {
    action: read.addedReviewers?.length ? 'review_requested' : 'review_request_removed',
    context,
  });
}

interface EventParts {
  readonly action: PullRequestAction;
  readonly context: ServerContext;
  readonly baseChanged?: boolean;
  readonly state?: 'closed';
}

function toNormalised(
  read: Read,
  { action, context: { server, ...context }, baseChanged, state }: EventParts,
): Normalised {
  return {
    event: {
      ...context,
      repository: toRepository(read.pullRequest.toRef.repository, server),
      sender: toSender(read.actor),
      kind: 'pull_request',
      action,
      pullRequest: { ...toPullRequest(read.pullRequest, server), ...(state && { state }) },
      commit: headOf(read.pullRequest, server),
      ...(baseChanged && { baseChanged }),
    },
  };
}

const reviewSchema = schema.extend({
  participant: z.object({ user: userSchema.nullish(), lastReviewedCommit: sha.nullish() }),
});

/** Returns what reads the verdict of a reviewer. */
export function normaliseReview(action: ReviewEvent['action']) {
  return (payload: unknown, { server, ...context }: ServerContext): Normalised => {
    const { actor, participant, pullRequest: pull } = parsePayload(reviewSchema, payload, 'review');
    const head = headOf(pull, server);
    return {
      event: {
        ...context,
        repository: toRepository(pull.toRef.repository, server),
        sender: toSender(actor),
        kind: 'review',
        action,
        number: pull.id,
        title: pull.title,
        url: pullRequestUrl(pull, server),
        reviewer: toSender(participant.user ?? actor).login,
        commit: participant.lastReviewedCommit ? { sha: participant.lastReviewedCommit } : head,
      },
    };
  };
}
