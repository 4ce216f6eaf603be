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

export type ServerContext = ProviderContext & { readonly server: string };

const schema = z.object({
  actor: userSchema.nullish(),
  pullRequest: pullRequestSchema,
  previousTarget: z.object({ id: refName }).nullish(),
  addedReviewers: z.array(z.unknown()).nullish(),
});

type Read = z.output<typeof schema>;

/** Bitbucket's `pr:opened` and its like, each of which means one thing. */
export function normalisePullRequest(action: PullRequestAction, state?: 'MERGED' | 'DECLINED') {
  return (payload: unknown, context: ServerContext): Normalised => {
    const read = parsePayload(schema, payload, 'pull request');
    if (state && read.pullRequest.state !== state)
      throw new MalformedPayload("the pull request's state is not what the event's name says");
    return told(read, { action, context });
  };
}

/** `pr:modified`: its title, its description or the branch that it goes into. */
export function normaliseModified(payload: unknown, context: ServerContext): Normalised {
  const read = parsePayload(schema, payload, 'pull request');
  const baseChanged = Boolean(read.previousTarget) && read.previousTarget?.id !== read.pullRequest.toRef.id;
  return told(read, { action: 'edited', context, ...(baseChanged && { baseChanged }) });
}

/** `pr:deleted`. It was open, declined or merged before, and the body still says so. */
export function normaliseDeleted(payload: unknown, context: ServerContext): Normalised {
  const read = parsePayload(schema, payload, 'pull request');
  return told(read, { action: 'closed', context, state: 'closed' });
}

/** `pr:reviewer:updated`: who is asked for a review. */
export function normaliseReviewers(payload: unknown, context: ServerContext): Normalised {
  const read = parsePayload(schema, payload, 'pull request');
  return told(read, { action: read.addedReviewers?.length ? 'review_requested' : 'review_request_removed', context });
}

interface Telling {
  readonly action: PullRequestAction;
  readonly context: ServerContext;
  readonly baseChanged?: boolean;
  readonly state?: 'closed';
}

function told(read: Read, { action, context: { server, ...context }, baseChanged, state }: Telling): Normalised {
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

/** Bitbucket's events of a reviewer who made up their mind. */
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
