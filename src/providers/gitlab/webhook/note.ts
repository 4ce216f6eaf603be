import { z } from 'zod';
import type { CommentEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { id, issueNumber, link, text, title } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { commitSchema, envelope, isOpen, toCommit, toEventBase, toTime } from '../shapes.js';

const subjectSchema = z.object({ iid: issueNumber, title, state: z.string().nullish() });

const noteSchema = z.object({
  ...envelope,
  object_attributes: z.object({
    id,
    note: text(10_000),
    noteable_type: z.string(),
    action: z.string().nullish(),
    system: z.boolean().nullish(),
    url: link.nullish(),
    created_at: z.string().nullish().catch(undefined),
  }),
  merge_request: subjectSchema.extend({ last_commit: commitSchema.nullish() }).nullish(),
  issue: subjectSchema.nullish(),
  commit: commitSchema.nullish(),
});

const SUBJECTS: Readonly<Record<string, CommentEvent['on']>> = {
  MergeRequest: 'pull_request',
  Issue: 'issue',
  Commit: 'commit',
};

/** Older versions tell none. */
const ACTIONS: Readonly<Record<string, CommentEvent['action']>> = { create: 'created', update: 'edited' };

/** Reads GitLab's note hook: comments on merge requests, issues and commits. */
export function normaliseNote(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(noteSchema, payload, 'note');
  const { object_attributes: note } = read;
  const on = Object.hasOwn(SUBJECTS, note.noteable_type) ? SUBJECTS[note.noteable_type] : undefined;
  if (!on) return { ignored: `no automation can listen to comments on a ${note.noteable_type.slice(0, 50)}` };
  if (note.system) return { ignored: 'GitLab wrote the comment itself' };
  const told = note.action ?? 'create';
  const action = Object.hasOwn(ACTIONS, told) ? ACTIONS[told] : undefined;
  if (!action) return { ignored: 'no automation can listen to this comment action' };
  const base = toEventBase(read, context);
  const subject = on === 'pull_request' ? read.merge_request : on === 'issue' ? read.issue : undefined;
  const commit = on === 'commit' ? read.commit : on === 'pull_request' ? read.merge_request?.last_commit : undefined;
  const createdAt = toTime(note.created_at);
  return {
    event: {
      ...base,
      kind: 'comment',
      action,
      on,
      comment: {
        id: note.id,
        body: note.note,
        author: base.sender.login,
        ...(note.url && { url: note.url }),
        ...(createdAt && { createdAt }),
      },
      ...(subject && { number: subject.iid, title: subject.title }),
      ...(subject?.state && { open: isOpen({ state: subject.state }) }),
      ...(commit && { commit: toCommit(commit) }),
    },
  };
}
