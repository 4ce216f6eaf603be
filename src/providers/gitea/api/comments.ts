import { z } from 'zod';
import type { RepositoryApi, WrittenComment } from '../../api.js';
import { checkedId } from '../../names.js';
import { id } from '../../shapes.js';
import { userSchema } from '../shapes.js';
import type { GiteaRepository } from './repository.js';

const commentSchema = z.object({
  id,
  body: z.string(),
  html_url: z.string().nullish(),
  user: userSchema.nullish(),
});
type Comment = z.output<typeof commentSchema>;

/**
 * Returns the calls about comments on pull requests, which these APIs treat as issues. Sources:
 * https://docs.gitea.com/api/ (issueCreateComment, issueGetComments, issueEditComment),
 * https://github.com/gogs/docs-api/blob/master/Issues/Comments.md
 */
export function giteaComments(
  { connection, path }: GiteaRepository,
  /** Whether a comment is edited below its issue, as Gogs documents it; the others have given that up. */
  { editsByIssue }: { editsByIssue: boolean },
): Required<Pick<RepositoryApi, 'comment' | 'findComment' | 'editComment'>> {
  const comments = (number: number) => `${path}/issues/${checkedId(number)}/comments`;
  const edited = (number: number, commentId: string) =>
    `${editsByIssue ? comments(number) : `${path}/issues/comments`}/${checkedId(commentId)}`;

  return {
    async comment({ number, body }) {
      const request = { method: 'POST', path: comments(number), body: { body } } as const;
      return written(await connection.get(request, commentSchema, 'comment'));
    },
    /** The list has no pages, and begins with the oldest. */
    async findComment({ number, marker }) {
      const own = (await connection.ownLogin()).toLowerCase();
      const list = await connection.get({ path: comments(number) }, z.array(commentSchema), 'list of comments');
      const found = list.findLast(({ user, body }) => user?.login.toLowerCase() === own && body.includes(marker));
      return found && written(found);
    },
    async editComment({ number, id: commentId, body }) {
      const request = { method: 'PATCH', path: edited(number, commentId), body: { body } } as const;
      return written(await connection.get(request, commentSchema, 'comment'));
    },
  };
}

/**
 * Returns the call that adds a reaction. One that is there already is answered with 200. Source:
 * https://docs.gitea.com/api/ (issuePostCommentReaction)
 */
export function giteaReact({ connection, path }: GiteaRepository): NonNullable<RepositoryApi['react']> {
  return async ({ commentId, reaction }) => {
    await connection.send({
      method: 'POST',
      path: `${path}/issues/comments/${checkedId(commentId)}/reactions`,
      body: { content: reaction },
    });
  };
}

function written({ id: commentId, body, html_url: url }: Comment): WrittenComment {
  return { id: commentId, body, ...(url && { url }) };
}
