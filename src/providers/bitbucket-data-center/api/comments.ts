import { z } from 'zod';
import type { Reaction, RepositoryApi, WrittenComment } from '../../api.js';
import { hidden, unhidden } from '../../bitbucket-cloud/api/comment-marker.js';
import { ProviderError } from '../../error.js';
import { checkedId } from '../../names.js';
import { id } from '../../shapes.js';
import { userSchema } from '../shapes.js';
import { CORE, type DataCenterRepository } from './repository.js';

/** How many activities are searched for a comment of ours, newest first. */
const MAX_ACTIVITIES = 1_000;

const commentSchema = z.object({ id, version: z.int(), text: z.string(), author: userSchema.nullish() });
type Read = z.output<typeof commentSchema>;

const activitySchema = z.object({ action: z.string(), comment: z.unknown().optional() });

/** Bitbucket's names of reactions. */
const EMOTICONS: Readonly<Record<Reaction, string>> = {
  eyes: 'eyes',
  rocket: 'rocket',
  '+1': 'thumbsup',
  '-1': 'thumbsdown',
  confused: 'thinking_face',
};

/**
 * Returns the calls about comments on pull requests and reactions to them. The list of comments is by file, so those on
 * the whole pull request are found among its activities. Source: https://developer.atlassian.com/server/bitbucket/rest/
 */
export function dataCenterComments({
  connection,
  path,
  web,
}: DataCenterRepository): Required<Pick<RepositoryApi, 'comment' | 'findComment' | 'editComment' | 'react'>> {
  const pullOf = (number: number) => `${path}/pull-requests/${checkedId(number)}`;
  const comments = (number: number) => `${CORE}${pullOf(number)}/comments`;
  const written = (comment: Read, number: number): WrittenComment => ({
    id: comment.id,
    body: unhidden(comment.text),
    url: `${web}/pull-requests/${number}/overview?commentId=${comment.id}`,
  });

  return {
    async comment({ number, body }) {
      const request = { method: 'POST', path: comments(number), body: { text: hidden(body) } } as const;
      return written(await connection.get(request, commentSchema, 'comment'), number);
    },
    async findComment({ number, marker }) {
      const commentIn = (activity: z.output<typeof activitySchema>): Read | undefined => {
        const { data } = commentSchema.safeParse(activity.action === 'COMMENTED' ? activity.comment : undefined);
        const own = connection.own();
        const isOurs = own !== undefined && data?.author?.name === own;
        return isOurs && unhidden(data.text).includes(marker) ? data : undefined;
      };
      const { items } = await connection.list({ path: `${CORE}${pullOf(number)}/activities` }, activitySchema, {
        what: 'activity',
        most: MAX_ACTIVITIES,
        enough: (page) => page.some(commentIn),
      });
      const found = items.map(commentIn).find((comment) => comment !== undefined);
      return found && written(found, number);
    },
    async editComment({ number, id: commentId, body }) {
      const comment = `${comments(number)}/${checkedId(commentId)}`;
      const { version } = await connection.get({ path: comment }, commentSchema, 'comment');
      const sent = { method: 'PUT', path: comment, body: { text: hidden(body), version } } as const;
      const response = await connection.send({ ...sent, accept: [409] });
      if (response.status === 409)
        throw new ProviderError('unavailable', `comment ${commentId} was edited at the same moment`, { status: 409 });
      return written(connection.read(commentSchema, response, 'comment'), number);
    },
    async react({ number, commentId, reaction }) {
      const comment = `/comment-likes/latest${pullOf(number)}/comments/${checkedId(commentId)}`;
      await connection.send({ method: 'PUT', path: `${comment}/reactions/${EMOTICONS[reaction]}` });
    },
  };
}
