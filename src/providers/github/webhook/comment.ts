import { z } from 'zod';
import { COMMENT_ACTIONS, type Comment, type CommentEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { id, issueNumber, link, optionalTime, sha, text, title } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, toEventBase, toSender, userSchema } from '../shapes.js';

const commentSchema = z.object({
  id,
  body: text(10_000).nullish(),
  html_url: link.nullish(),
  user: userSchema.nullish(),
  created_at: optionalTime,
  commit_id: sha.nullish(),
});

const action = z.string();
const UNKNOWN_ACTION = { ignored: 'no automation can listen to this comment action' } as const;

function isKnown(told: string): told is CommentEvent['action'] {
  return (COMMENT_ACTIONS as readonly string[]).includes(told);
}

const issueCommentSchema = z.object({
  action,
  comment: commentSchema,
  issue: z.object({
    number: issueNumber,
    title,
    state: z.string().nullish(),
    // An object; null or missing for a plain issue.
    pull_request: z.unknown().optional(),
  }),
  // Gitea and Forgejo say it here too.
  is_pull: z.boolean().nullish().catch(undefined),
  ...envelope,
});

/** Reads GitHub's `issue_comment`, which is sent for comments on pull requests too. */
export function normaliseIssueComment(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(issueCommentSchema, payload, 'issue_comment');
  if (!isKnown(read.action)) return UNKNOWN_ACTION;
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'comment',
      action: read.action,
      on: read.issue.pull_request || read.is_pull ? 'pull_request' : 'issue',
      comment: toComment(read.comment),
      number: read.issue.number,
      title: read.issue.title,
      ...(read.issue.state && { open: read.issue.state === 'open' }),
    },
  };
}

const lineCommentSchema = z.object({
  action,
  comment: commentSchema,
  pull_request: z.object({
    number: issueNumber,
    title,
    state: z.string().nullish(),
    head: z.object({ sha }).nullish().catch(undefined),
  }),
  ...envelope,
});

/** Reads GitHub's `pull_request_review_comment`: a comment on a line of a pull request's code. */
export function normaliseLineComment(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(lineCommentSchema, payload, 'pull_request_review_comment');
  if (!isKnown(read.action)) return UNKNOWN_ACTION;
  const { number, title, state, head } = read.pull_request;
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'comment',
      action: read.action,
      on: 'pull_request',
      comment: { ...toComment(read.comment), in: 'line' },
      number,
      title,
      ...(state && { open: state === 'open' }),
      ...(head && { commit: { sha: head.sha } }),
    },
  };
}

const commitCommentSchema = z.object({
  action: action.nullish(),
  comment: commentSchema.extend({ commit_id: sha }),
  ...envelope,
});

/** Reads GitHub's `commit_comment`. */
export function normaliseCommitComment(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(commitCommentSchema, payload, 'commit_comment');
  const told = read.action ?? 'created';
  if (!isKnown(told)) return UNKNOWN_ACTION;
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'comment',
      action: told,
      on: 'commit',
      comment: toComment(read.comment),
      commit: { sha: read.comment.commit_id },
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
