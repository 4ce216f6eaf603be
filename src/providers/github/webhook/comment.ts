import { z } from 'zod';
import type { Comment, ReviewEvent } from '../../../events/event.js';
import { narrow } from '../../parse.js';
import { id, link, repositorySchema, sha, text, toRepository, toSender, userSchema } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';

const commentSchema = z.object({
  id,
  body: text(10_000).nullish(),
  html_url: link.nullish(),
  user: userSchema.nullish(),
  created_at: z.iso.datetime({ offset: true }).nullish(),
  commit_id: sha.nullish(),
});

const envelope = { repository: repositorySchema, sender: userSchema.nullish() };
const action = z.enum(['created', 'edited', 'deleted']);

const issueCommentSchema = z.object({
  action,
  comment: commentSchema,
  issue: z.object({
    number: z.int().positive(),
    title: text(500),
    state: z.string(),
    // An object, and null or missing for a plain issue.
    pull_request: z.unknown().optional(),
  }),
  ...envelope,
});

/** GitHub's `issue_comment`, which also tells of comments on pull requests. */
export function normaliseIssueComment(payload: unknown, context: ProviderContext): Normalised {
  const read = narrow(issueCommentSchema, payload, 'issue_comment');
  return {
    event: {
      ...context,
      ...aboutRepository(read),
      kind: 'comment',
      action: read.action,
      on: read.issue.pull_request ? 'pull_request' : 'issue',
      comment: toComment(read.comment),
      number: read.issue.number,
      title: read.issue.title,
      open: read.issue.state === 'open',
    },
  };
}

const commitCommentSchema = z.object({
  action: action.nullish(),
  comment: commentSchema.extend({ commit_id: sha }),
  ...envelope,
});

/** GitHub's `commit_comment`. */
export function normaliseCommitComment(payload: unknown, context: ProviderContext): Normalised {
  const read = narrow(commitCommentSchema, payload, 'commit_comment');
  return {
    event: {
      ...context,
      ...aboutRepository(read),
      kind: 'comment',
      action: read.action ?? 'created',
      on: 'commit',
      comment: toComment(read.comment),
      commit: { sha: read.comment.commit_id },
    },
  };
}

const reviewSchema = z.object({
  action: z.string(),
  review: z.object({
    state: z.string(),
    body: text(10_000).nullish(),
    html_url: link.nullish(),
    user: userSchema.nullish(),
    commit_id: sha.nullish(),
  }),
  pull_request: z.object({ number: z.int().positive(), title: text(500), html_url: link }),
  ...envelope,
});

const REVIEW_STATES: Readonly<Record<string, ReviewEvent['action']>> = {
  approved: 'approved',
  changes_requested: 'changes_requested',
  commented: 'commented',
  dismissed: 'dismissed',
};

/** GitHub's `pull_request_review`. */
export function normaliseReview(payload: unknown, context: ProviderContext): Normalised {
  const read = narrow(reviewSchema, payload, 'pull_request_review');
  if (read.action === 'edited') return { ignored: 'the text of a review was edited' };
  const state = read.review.state.toLowerCase();
  const outcome = Object.hasOwn(REVIEW_STATES, state) ? REVIEW_STATES[state] : undefined;
  if (!outcome) return { ignored: 'the review is in no state that an automation can listen to' };
  return {
    event: {
      ...context,
      ...aboutRepository(read),
      kind: 'review',
      action: outcome,
      number: read.pull_request.number,
      title: read.pull_request.title,
      url: read.review.html_url ?? read.pull_request.html_url,
      reviewer: toSender(read.review.user).login,
      ...(read.review.body && { body: read.review.body }),
      ...(read.review.commit_id && { commit: { sha: read.review.commit_id } }),
    },
  };
}

function toComment(comment: z.output<typeof commentSchema>): Comment {
  return {
    id: comment.id,
    body: comment.body ?? '',
    author: toSender(comment.user).login,
    ...(comment.html_url && { url: comment.html_url }),
    ...(comment.created_at && { createdAt: new Date(comment.created_at).toISOString() }),
  };
}

function aboutRepository(read: {
  repository: z.output<typeof repositorySchema>;
  sender?: z.output<typeof userSchema> | null | undefined;
}) {
  return { repository: toRepository(read.repository), sender: toSender(read.sender) };
}
