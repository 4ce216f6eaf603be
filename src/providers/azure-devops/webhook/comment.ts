import { z } from 'zod';
import type { CommentEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { id, text } from '../../shapes.js';
import type { Normalised } from '../../webhook-scheme.js';
import { identitySchema, isWhole, pullRequestSchema, pullRequestUrl, toRepository, toSender } from '../shapes.js';
import { lacking, type OrganisationContext } from './context.js';

const commentSchema = z.object({
  id,
  content: text(10_000).nullish(),
  author: identitySchema.nullish(),
  publishedDate: text(50).nullish(),
  lastContentUpdatedDate: text(50).nullish(),
  isDeleted: z.boolean().nullish(),
  commentType: z.string().nullish(),
});

const schema = z.object({
  message: z
    .object({ text: text(1_000).nullish() })
    .nullish()
    .catch(undefined),
  resource: z.object({ comment: commentSchema.nullish(), pullRequest: pullRequestSchema.nullish() }).nullish(),
});

/** Reads Azure's `ms.vss-code.git-pullrequest-comment-event`, sent when a comment is written, changed or deleted. */
export function normaliseComment(payload: unknown, { organisation, ...context }: OrganisationContext): Normalised {
  const { resource, message } = parsePayload(schema, payload, 'comment');
  const { comment, pullRequest: pull } = resource ?? {};
  if (!comment) return lacking('the comment');
  if (!isWhole(pull)) return lacking('the pull request');
  // About votes, new commits and so on, which have events of their own.
  if (comment.commentType === 'system') return { ignored: 'Azure DevOps wrote the comment itself' };
  const createdAt = timeOf(comment.publishedDate);
  const head = pull.lastMergeSourceCommit?.commitId;
  return {
    event: {
      ...context,
      repository: toRepository(pull.repository, organisation),
      sender: toSender(comment.author),
      kind: 'comment',
      action: actionOf(comment, message?.text ?? ''),
      on: 'pull_request',
      comment: {
        id: comment.id,
        body: comment.content ?? '',
        author: toSender(comment.author).login,
        url: pullRequestUrl(pull, organisation),
        ...(createdAt !== undefined && { createdAt: new Date(createdAt).toISOString() }),
      },
      number: pull.pullRequestId,
      title: pull.title,
      open: pull.status === 'active',
      ...(head && { commit: { sha: head } }),
    },
  };
}

/** Stands in the message behind a name that anybody may choose, who then makes an edit of what is new, and no more. */
const EDITED = ' has edited a pull request comment';

/** Returns what happened to a comment. No field says it; the two times of a new comment are almost the same. */
function actionOf(comment: z.output<typeof commentSchema>, message: string): CommentEvent['action'] {
  if (comment.isDeleted) return 'deleted';
  if (message.includes(EDITED)) return 'edited';
  const written = timeOf(comment.publishedDate);
  const changed = timeOf(comment.lastContentUpdatedDate);
  return written !== undefined && changed !== undefined && changed - written > 1_000 ? 'edited' : 'created';
}

/** Returns a date as Unix ms. Undefined for what is not one. */
function timeOf(date: string | null | undefined): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : time;
}
