import { z } from 'zod';
import type { RepositoryApi, WrittenComment } from '../../api.js';
import { checkedId } from '../../names.js';
import { id } from '../../shapes.js';
import { accountSchema, links } from '../shapes.js';
import type { OwnAccount } from './account.js';
import { hidden, unhidden } from './comment-marker.js';
import type { CloudRepository } from './repository.js';

/** How many comments are searched for one of ours, newest first. */
const MAX_COMMENTS = 1_000;

const commentSchema = z.object({
  id,
  content: z.object({ raw: z.string().nullish() }).nullish(),
  user: accountSchema.nullish(),
  deleted: z.boolean().nullish(),
  links,
});

type Read = z.output<typeof commentSchema>;

/**
 * Returns the calls about comments on pull requests. Bitbucket has no API for reactions.
 * Source: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
 */
export function cloudComments(
  { connection, path, web }: CloudRepository,
  { isOwn }: OwnAccount,
): Required<Pick<RepositoryApi, 'comment' | 'findComment' | 'editComment'>> {
  const comments = (number: number) => `${path}/pullrequests/${checkedId(number)}/comments`;
  const sent = (body: string) => ({ content: { raw: hidden(body) } });
  const written = (comment: Read, number: number): WrittenComment => ({
    id: comment.id,
    body: bodyOf(comment),
    url: comment.links?.html?.href ?? `${web}/pull-requests/${number}#comment-${comment.id}`,
  });

  return {
    async comment({ number, body }) {
      const request = { method: 'POST', path: comments(number), body: sent(body) } as const;
      return written(await connection.get(request, commentSchema, 'comment'), number);
    },
    async findComment({ number, marker }) {
      const request = { path: comments(number), query: { sort: '-created_on' } };
      const isFromUs = await isOwn();
      const isIt = (comment: Read) => !comment.deleted && isFromUs(comment.user) && bodyOf(comment).includes(marker);
      const { items } = await connection.list(request, commentSchema, {
        what: 'comment',
        most: MAX_COMMENTS,
        enough: (page) => page.some(isIt),
      });
      const found = items.find(isIt);
      return found && written(found, number);
    },
    async editComment({ number, id: commentId, body }) {
      const request = {
        method: 'PUT',
        path: `${comments(number)}/${checkedId(commentId)}`,
        body: sent(body),
      } as const;
      return written(await connection.get(request, commentSchema, 'comment'), number);
    },
  };
}

function bodyOf({ content }: Read): string {
  return unhidden(content?.raw ?? '');
}
