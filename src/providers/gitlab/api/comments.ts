import { z } from 'zod';
import type { Reaction, RepositoryApi, WrittenComment } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedId } from '../../names.js';
import { id } from '../../shapes.js';
import { userSchema } from '../shapes.js';
import type { GitlabProject } from './project.js';
import { withoutQuickActions } from './quick-actions.js';

/** How many comments are searched for one of ours, newest first. */
const MAX_NOTES = 1_000;
const MAX_REACTIONS = 1_000;

const noteSchema = z.object({ id, body: z.string(), author: userSchema.nullish(), system: z.boolean().nullish() });
type Note = z.output<typeof noteSchema>;

/** GitLab's names. */
const EMOJI: Readonly<Record<Reaction, string>> = {
  eyes: 'eyes',
  rocket: 'rocket',
  '+1': 'thumbsup',
  '-1': 'thumbsdown',
  confused: 'confused',
};
const emojiSchema = z.object({ name: z.string(), user: userSchema });

/**
 * Returns the calls about comments on merge requests, and reactions to them. Sources:
 * https://docs.gitlab.com/api/notes/, https://docs.gitlab.com/api/emoji_reactions/
 */
export function gitlabComments({
  connection,
  path,
  web,
}: GitlabProject): Required<Pick<RepositoryApi, 'comment' | 'findComment' | 'editComment' | 'react'>> {
  const notes = (number: number) => `${path}/merge_requests/${checkedId(number)}/notes`;
  const written = (note: Note, number: number): WrittenComment => ({
    id: note.id,
    body: note.body,
    url: `${web}/-/merge_requests/${number}#note_${note.id}`,
  });

  return {
    async comment({ number, body }) {
      const sent = { body: withoutQuickActions(body) };
      const note = await connection.get({ method: 'POST', path: notes(number), body: sent }, noteSchema, 'comment');
      return written(note, number);
    },
    async findComment({ number, marker }) {
      const own = (await connection.ownLogin()).toLowerCase();
      const isOurs = ({ author, system, body }: Note) =>
        !system && author?.username?.toLowerCase() === own && body.includes(marker);
      const { items } = await connection.list(
        { path: notes(number), query: { order_by: 'created_at', sort: 'desc' } },
        noteSchema,
        { what: 'comment', most: MAX_NOTES, enough: (page) => page.some(isOurs) },
      );
      const found = items.find(isOurs);
      return found && written(found, number);
    },
    async editComment({ number, id: noteId, body }) {
      const note = await connection.get(
        { method: 'PUT', path: `${notes(number)}/${checkedId(noteId)}`, body: { body: withoutQuickActions(body) } },
        noteSchema,
        'comment',
      );
      return written(note, number);
    },
    async react({ number, commentId, reaction }) {
      const reactions = `${notes(number)}/${checkedId(commentId)}/award_emoji`;
      const name = EMOJI[reaction];
      try {
        await connection.send({ method: 'POST', path: reactions, query: { name } });
      } catch (error) {
        // GitLab answers 404 for a reaction that is there already, and for a comment that is not there.
        if (!(error instanceof ProviderError) || error.kind !== 'refused') throw error;
        const own = (await connection.ownLogin()).toLowerCase();
        const { items } = await connection.list({ path: reactions }, emojiSchema, {
          what: 'reaction',
          most: MAX_REACTIONS,
        });
        if (!items.some((given) => given.name === name && given.user.username?.toLowerCase() === own)) throw error;
      }
    },
  };
}
