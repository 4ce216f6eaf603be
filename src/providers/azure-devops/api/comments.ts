import { z } from 'zod';
import type { RepositoryApi, WrittenComment } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedId } from '../../names.js';
import { identitySchema } from '../shapes.js';
import type { OwnIdentity } from './account.js';
import { listOf } from './connection.js';
import type { AzureRepository } from './repository.js';

const commentSchema = z.object({
  id: z.int().positive(),
  content: z.string().nullish(),
  author: identitySchema.nullish(),
  isDeleted: z.boolean().nullish(),
});
type Read = z.output<typeof commentSchema>;

const threadSchema = z.object({
  id: z.int().positive(),
  isDeleted: z.boolean().nullish(),
  comments: z.array(commentSchema).nullish(),
});

/**
 * Returns the calls about comments on pull requests. Each comment gets a thread of its own; a thread's comments are
 * counted from 1, so our ids name both. Threads are closed from the start: a policy may let open ones block a merge.
 * Source: https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads
 */
export function azureComments(
  { connection, path, web }: AzureRepository,
  own: OwnIdentity,
): Required<Pick<RepositoryApi, 'comment' | 'findComment' | 'editComment'>> {
  const threads = (number: number) => `${path}/pullRequests/${checkedId(number)}/threads`;
  const written = (comment: Read, { number, thread }: { number: number; thread: number | string }): WrittenComment => ({
    id: `${thread}/${comment.id}`,
    body: comment.content ?? '',
    url: `${web}/pullrequest/${number}?discussionId=${thread}`,
  });

  return {
    async comment({ number, body }) {
      const sent = { comments: [{ parentCommentId: 0, content: body, commentType: 'text' }], status: 'closed' };
      const request = { method: 'POST', path: threads(number), body: sent } as const;
      const thread = await connection.get(request, threadSchema, 'thread of comments');
      const first = thread.comments?.[0];
      if (!first) throw new ProviderError('unavailable', 'Azure DevOps made a thread without its comment');
      return written(first, { number, thread: thread.id });
    },
    async findComment({ number, marker }) {
      const me = await own.id();
      const { value } = await connection.get({ path: threads(number) }, listOf(threadSchema), 'list of threads');
      const found = value
        .filter((thread) => !thread.isDeleted)
        .flatMap((thread) => (thread.comments ?? []).map((comment) => ({ thread: thread.id, comment })))
        .filter(({ comment }) => !comment.isDeleted && comment.author?.id === me && comment.content?.includes(marker))
        .sort((a, b) => b.thread - a.thread || b.comment.id - a.comment.id)[0];
      return found && written(found.comment, { number, thread: found.thread });
    },
    async editComment({ number, id, body }) {
      const [thread = '', comment = '', ...more] = id.split('/');
      if (more.length > 0)
        throw new ProviderError('refused', `${JSON.stringify(id.slice(0, 100))} is not the id of a comment`);
      const address = `${threads(number)}/${checkedId(thread)}/comments/${checkedId(comment)}`;
      const request = { method: 'PATCH', path: address, body: { content: body } } as const;
      return written(await connection.get(request, commentSchema, 'comment'), { number, thread });
    },
  };
}
