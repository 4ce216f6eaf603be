import { z } from 'zod';
import type { Comment, CommentEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { commitName, id, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { accountSchema, envelope, isOpen, links, pullRequestSchema, time, toEventBase, toSender } from '../shapes.js';

const commentSchema = z.object({
  id,
  content: z.object({ raw: text(10_000).nullish() }).nullish(),
  user: accountSchema.nullish(),
  created_on: time.nullish().catch(undefined),
  links,
});

const onPullRequestSchema = z.object({ comment: commentSchema, pullrequest: pullRequestSchema, ...envelope });

/** Returns what reads Bitbucket's events about comments on pull requests. */
export function normaliseComment(action: CommentEvent['action']) {
  return (payload: unknown, context: ProviderContext): Normalised => {
    const read = parsePayload(onPullRequestSchema, payload, 'comment');
    const { id: number, title, source } = read.pullrequest;
    return {
      event: {
        ...toEventBase(read, context),
        kind: 'comment',
        action,
        on: 'pull_request',
        comment: toComment(read.comment),
        number,
        title,
        open: isOpen(read.pullrequest),
        ...(source.commit && { commit: { sha: source.commit.hash } }),
      },
    };
  };
}

const onCommitSchema = z.object({ comment: commentSchema, commit: z.object({ hash: commitName }), ...envelope });

/** Reads Bitbucket's `repo:commit_comment_created`, its only event about comments on commits. */
export function normaliseCommitComment(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(onCommitSchema, payload, 'commit comment');
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'comment',
      action: 'created',
      on: 'commit',
      comment: toComment(read.comment),
      commit: { sha: read.commit.hash },
    },
  };
}

function toComment(comment: z.output<typeof commentSchema>): Comment {
  return {
    id: comment.id,
    body: comment.content?.raw ?? '',
    author: toSender(comment.user).login,
    ...(comment.links?.html && { url: comment.links.html.href }),
    ...(comment.created_on && { createdAt: comment.created_on }),
  };
}
