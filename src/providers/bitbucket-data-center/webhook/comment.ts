import { z } from 'zod';
import type { Comment, CommentEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { id, linkBelow, sha, text } from '../../shapes.js';
import type { Normalised } from '../../webhook-scheme.js';
import {
  headOf,
  pullRequestSchema,
  pullRequestUrl,
  repositorySchema,
  timeSchema,
  toRepository,
  toSender,
  toTime,
  userSchema,
} from '../shapes.js';
import type { ServerContext } from './pull-request.js';

const commentSchema = z.object({
  id,
  text: text(10_000).nullish(),
  author: userSchema.nullish(),
  createdDate: timeSchema,
});

const onPullRequestSchema = z.object({
  actor: userSchema.nullish(),
  comment: commentSchema,
  pullRequest: pullRequestSchema,
});

/** Returns what reads Bitbucket's events about comments on pull requests. */
export function normaliseComment(action: CommentEvent['action']) {
  return (payload: unknown, { server, ...context }: ServerContext): Normalised => {
    const { actor, comment, pullRequest: pull } = parsePayload(onPullRequestSchema, payload, 'comment');
    return {
      event: {
        ...context,
        repository: toRepository(pull.toRef.repository, server),
        sender: toSender(actor),
        kind: 'comment',
        action,
        on: 'pull_request',
        comment: {
          ...toComment(comment),
          url: linkBelow(pullRequestUrl(pull, server), `overview?commentId=${comment.id}`),
        },
        number: pull.id,
        title: pull.title,
        open: pull.state === 'OPEN',
        commit: headOf(pull, server),
      },
    };
  };
}

const onCommitSchema = z.object({
  actor: userSchema.nullish(),
  comment: commentSchema,
  commit: sha,
  repository: repositorySchema,
});

/** Returns what reads Bitbucket's events about comments on commits. */
export function normaliseCommitComment(action: CommentEvent['action']) {
  return (payload: unknown, { server, ...context }: ServerContext): Normalised => {
    const { actor, comment, commit, repository } = parsePayload(onCommitSchema, payload, 'commit comment');
    return {
      event: {
        ...context,
        repository: toRepository(repository, server),
        sender: toSender(actor),
        kind: 'comment',
        action,
        on: 'commit',
        comment: toComment(comment),
        commit: { sha: commit },
      },
    };
  };
}

function toComment(comment: z.output<typeof commentSchema>): Comment {
  const createdAt = toTime(comment.createdDate);
  return {
    id: comment.id,
    body: comment.text ?? '',
    author: toSender(comment.author).login,
    ...(createdAt && { createdAt }),
  };
}
