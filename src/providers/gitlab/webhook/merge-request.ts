import { z } from 'zod';
import type { PullRequestAction, ReviewEvent } from '../../../events/event.js';
import { draftChange } from '../../draft-title.js';
import { labelAction } from '../../label-action.js';
import { parsePayload } from '../../parse.js';
import { id, labelsBy, link, sha, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import {
  commitSchema,
  envelope,
  isDraft,
  mergeRequestSchema,
  path,
  toCommit,
  toEventBase,
  toPullRequest,
  userSchema,
} from '../shapes.js';

const draftSchema = z
  .object({ previous: z.boolean().nullish(), current: z.boolean().nullish() })
  .nullish()
  .catch(undefined);

/** People by their usernames, and whether one of them is asked again. */
const people = z
  .array(userSchema.extend({ re_requested: z.boolean().nullish().catch(undefined) }))
  .nullish()
  .transform((list) => ({
    names: (list ?? []).flatMap(({ username }) => username ?? []),
    isAskedAgain: (list ?? []).some(({ re_requested: again }) => again === true),
  }));
const peopleSchema = z.object({ previous: people, current: people }).nullish().catch(undefined);

const payloadSchema = z.object({
  ...envelope,
  user: userSchema.extend({ id: id.nullish().catch(undefined) }).nullish(),
  labels: labelsBy('title'),
  changes: z
    .object({
      labels: z
        .object({ previous: labelsBy('title'), current: labelsBy('title') })
        .nullish()
        .catch({ previous: [], current: [] }),
      draft: draftSchema,
      work_in_progress: draftSchema,
      title: z
        .object({ previous: text(500).nullish(), current: text(500).nullish() })
        .nullish()
        .catch(undefined),
      description: z.unknown().optional(),
      target_branch: z.unknown().optional(),
      reviewers: peopleSchema,
      assignees: peopleSchema,
      milestone_id: z.object({ current: z.unknown().optional() }).nullish().catch(undefined),
    })
    .nullish(),
  object_attributes: mergeRequestSchema.extend({
    url: link,
    action: z.string().nullish(),
    author_id: id.nullish().catch(undefined),
    oldrev: sha.nullish(),
    // GitLab has done it itself.
    system: z.boolean().nullish().catch(undefined),
    source: z.object({ path_with_namespace: path }).nullish(),
    last_commit: commitSchema.nullish(),
  }),
});

type Read = z.output<typeof payloadSchema>;

const REVIEWS: Readonly<Record<string, ReviewEvent['action']>> = {
  approved: 'approved',
  approval: 'approved',
  unapproved: 'dismissed',
  unapproval: 'dismissed',
};

/** Whose approval it was that GitLab takes back itself after a push: the payload names who pushed, and nobody else. */
const NOT_TOLD = 'ghost';

/** Reads GitLab's merge request hook, which comes for approvals too. */
export function normaliseMergeRequest(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(payloadSchema, payload, 'merge request');
  const { object_attributes: request } = read;
  const base = toEventBase(read, context);
  // A system hook tells of it too, in whatever order: what else is done in that second is told apart by who did what.
  const { iid, oldrev, updated_at } = request;
  const done = JSON.stringify({ ...read.changes, description: Boolean(read.changes?.description) });
  const when = [request.action, request.last_commit?.id, oldrev, updated_at];
  const telling = [base.repository.id, iid, ...when, base.sender.login, done].join(' ');
  const review = request.action && Object.hasOwn(REVIEWS, request.action) ? REVIEWS[request.action] : undefined;
  const commit = request.last_commit && toCommit(request.last_commit);
  if (review) {
    const { iid: number, title, url } = request;
    const reviewer = request.system ? NOT_TOLD : base.sender.login;
    return {
      telling,
      event: {
        ...base,
        ...{ kind: 'review', action: review, number, title, url, reviewer },
        ...(commit && { commit }),
      },
    };
  }
  const action = actionOf(read);
  if (!action) return { ignored: `no automation can listen to the merge-request action ${request.action ?? '(none)'}` };
  const pullRequest = toPullRequest({
    ...request,
    // Not the sender: a ghost is no author, and whoever has to know the author asks where none is told.
    author: action === 'opened' ? (read.user_username ?? read.user?.username) : authorIn(read),
    labels: read.labels,
    headSha: commit?.sha ?? '',
    headRepository: request.source?.path_with_namespace,
  });
  if (!commit) {
    const { head: _, fork: __, state: ___, ...told } = pullRequest;
    return {
      ignored: 'the merge request names no commit',
      ...(action === 'closed' && { closing: { event: base, pullRequest: told, telling } }),
    };
  }
  return {
    telling,
    event: {
      ...base,
      kind: 'pull_request',
      action,
      commit,
      pullRequest,
      // Whatever else was changed with it.
      ...(request.action === 'update' && Boolean(read.changes?.target_branch) && { baseChanged: true }),
    },
  };
}

/**
 * Returns the author where it was they who acted. A payload has the author's number alone, and both of who acted:
 * without this, a list of authors would say nothing after the first commit of a merge request.
 */
function authorIn({ user, object_attributes: { author_id: author } }: Read): string | null | undefined {
  return author && author === user?.id ? user.username : undefined;
}

/** GitLab says `update` for all sorts of changes. With new commits comes the old revision. */
function actionOf({ object_attributes: request, changes }: Read): PullRequestAction | undefined {
  switch (request.action) {
    case 'open':
      return 'opened';
    case 'reopen':
      return 'reopened';
    case 'close':
    case 'merge':
      return 'closed';
    case 'update':
      if (request.oldrev) return 'synchronize';
      return (
        draftChangeOf(request, changes) ?? (changes?.labels ? labelChangeOf(changes.labels) : otherChangeOf(changes))
      );
    default:
      return undefined;
  }
}

/** What can't be read changed somehow. */
function labelChangeOf({ previous, current }: NonNullable<NonNullable<Read['changes']>['labels']>): PullRequestAction {
  return previous.length + current.length === 0 ? 'labeled' : labelAction(previous, current);
}

/** What was changed beside the text or the target is told as an edit of those. */
function otherChangeOf(changes: Read['changes']): PullRequestAction {
  if (!changes || changes.title || changes.description || changes.target_branch) return 'edited';
  const { reviewers, assignees, milestone_id: milestone } = changes;
  if (reviewers) return peopleChange(reviewers, 'review_requested', 'review_request_removed');
  if (assignees) return peopleChange(assignees, 'assigned', 'unassigned');
  if (milestone) return milestone.current ? 'milestoned' : 'demilestoned';
  return 'edited';
}

/** Who is asked again is told with the same people before and after, as is that one of them has reviewed. */
function peopleChange(
  { previous, current }: NonNullable<z.infer<typeof peopleSchema>>,
  added: PullRequestAction,
  removed: PullRequestAction,
): PullRequestAction {
  if (current.isAskedAgain || current.names.some((one) => !previous.names.includes(one))) return added;
  return previous.names.some((one) => !current.names.includes(one)) ? removed : 'edited';
}

/** Old versions report a draft by its title alone. */
function draftChangeOf(request: Read['object_attributes'], changes: Read['changes']): PullRequestAction | undefined {
  const change = changes?.draft ?? changes?.work_in_progress;
  if (change) {
    const now = change.current ?? isDraft(request);
    return now === change.previous ? undefined : now ? 'converted_to_draft' : 'ready_for_review';
  }
  const { previous: from, current } = changes?.title ?? {};
  return from ? draftChange({ from, to: current ?? request.title }) : undefined;
}
