import { z } from 'zod';
import type { PullRequestAction, ReviewEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { link, sha, text } from '../../shapes.js';
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
} from '../shapes.js';

const payloadSchema = z.object({
  ...envelope,
  labels: z.array(z.object({ title: text(100) })).nullish(),
  changes: z
    .object({ labels: z.unknown().optional(), draft: z.unknown().optional(), target_branch: z.unknown().optional() })
    .nullish(),
  object_attributes: mergeRequestSchema.extend({
    url: link,
    action: z.string().nullish(),
    oldrev: sha.nullish(),
    source: z.object({ path_with_namespace: path }).nullish(),
    last_commit: commitSchema,
  }),
});

type Read = z.output<typeof payloadSchema>;

const REVIEWS: Readonly<Record<string, ReviewEvent['action']>> = {
  approved: 'approved',
  approval: 'approved',
  unapproved: 'dismissed',
  unapproval: 'dismissed',
};

/** Reads GitLab's merge request hook, which comes for approvals too. */
export function normaliseMergeRequest(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(payloadSchema, payload, 'merge request');
  const { object_attributes: request } = read;
  const base = toEventBase(read, context);
  const review = request.action && Object.hasOwn(REVIEWS, request.action) ? REVIEWS[request.action] : undefined;
  const commit = toCommit(request.last_commit);
  if (review) {
    const { iid: number, title, url } = request;
    return {
      event: { ...base, kind: 'review', action: review, number, title, url, reviewer: base.sender.login, commit },
    };
  }
  const action = actionOf(read);
  if (!action) return { ignored: `no automation can listen to the merge-request action ${request.action ?? '(none)'}` };
  return {
    event: {
      ...base,
      kind: 'pull_request',
      action,
      commit,
      pullRequest: toPullRequest({
        ...request,
        // The payload has the author's number only; who acted is the sender.
        author: action === 'opened' ? base.sender.login : undefined,
        labels: (read.labels ?? []).map((label) => label.title),
        headSha: commit.sha,
        headRepository: request.source?.path_with_namespace,
      }),
      ...(action === 'edited' && read.changes?.target_branch !== undefined && { baseChanged: true }),
    },
  };
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
      if (changes?.draft !== undefined) return isDraft(request) ? 'converted_to_draft' : 'ready_for_review';
      return changes?.labels === undefined ? 'edited' : 'labeled';
    default:
      return undefined;
  }
}
