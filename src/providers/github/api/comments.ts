import { z } from 'zod';
import { truncate } from '../../../events/truncate.js';
import type { RepositoryApi, WrittenComment } from '../../api.js';
import { checkedId } from '../../names.js';
import { id } from '../../shapes.js';
import type { GithubConnection } from './client.js';
import { readList } from './list.js';

const MAX_BODY = 65_536;
const MAX_MARKER = 500;
/** GitHub allows 2,500 on one pull request. */
const MAX_COMMENTS = 3_000;

const commentSchema = z.object({
  id,
  body: z.string().nullish(),
  html_url: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});

type CommentsApi = Required<Pick<RepositoryApi, 'comment' | 'findComment' | 'editComment' | 'react'>>;

/**
 * Returns the calls about comments of a pull request, which GitHub keeps as those of an issue. `ownLogin` is called
 * when it is needed.
 * Source: https://docs.github.com/en/rest/issues/comments
 */
export function comments(api: GithubConnection, ownLogin: () => Promise<string>): CommentsApi {
  return {
    async comment({ number, body }) {
      const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
      const parameters = { issue_number: checkedId(number), body: shortened(body) };
      // Not retried: the comment may have been written although the response was lost.
      return written(await api.get(route, parameters, { schema: commentSchema, once: true }));
    },

    async findComment({ number, marker }) {
      const issue_number = checkedId(number);
      const own = (await ownLogin()).toLowerCase();
      const { items } = await readList(api, 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        parameters: { issue_number },
        item: commentSchema,
        most: MAX_COMMENTS,
      });
      // The list begins with the oldest.
      const ours = items.filter(({ user, body }) => user?.login.toLowerCase() === own && body?.includes(marker));
      const newest = ours.at(-1);
      return newest && written(newest);
    },

    async editComment({ id: commentId, body }) {
      const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
      const parameters = { comment_id: checkedId(commentId), body: shortened(body) };
      return written(await api.get(route, parameters, { schema: commentSchema }));
    },

    /**
     * A reaction that is there already is answered with 200. Source:
     * https://docs.github.com/en/rest/reactions/reactions
     */
    async react({ commentId, reaction, onLine }) {
      const parameters = { comment_id: checkedId(commentId), content: reaction };
      // Comments on lines are numbered apart from those of the conversation.
      if (onLine) await api.request('POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions', parameters);
      else await api.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', parameters);
    },
  };
}

/** Cuts a comment that is too long, but keeps the hidden marker at its end, by which it is found again. */
function shortened(body: string): string {
  if (body.length <= MAX_BODY) return body;
  const marker = body.trimEnd().endsWith('-->') ? body.slice(body.lastIndexOf('<!--')).slice(0, MAX_MARKER) : '';
  return `${truncate(body, MAX_BODY - marker.length - 2)}${marker && `\n\n${marker}`}`;
}

function written({ id: commentId, body, html_url }: z.output<typeof commentSchema>): WrittenComment {
  return { id: commentId, body: body ?? '', ...(html_url && { url: html_url }) };
}
