import { z } from 'zod';
import type { PullRequestAction, ReviewEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { id, link, refName, sha, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { commitSchema, path, personSchema, projectSchema, toCommit, toRepository, toSender, toTime } from './fields.js';

const sideSchema = z.object({ path_with_namespace: path });

const mergeRequestSchema = z.object({
  user: personSchema.nullish(),
  project: projectSchema,
  labels: z.array(z.object({ title: text(100) })).nullish(),
  changes: z
    .object({ labels: z.unknown().optional(), draft: z.unknown().optional(), target_branch: z.unknown().optional() })
    .nullish(),
  object_attributes: z.object({
    iid: z.int().positive(),
    title: text(500),
    url: link,
    state: z.string(),
    action: z.string().nullish(),
    oldrev: sha.nullish(),
    draft: z.boolean().nullish(),
    work_in_progress: z.boolean().nullish(),
    source_branch: refName,
    target_branch: refName,
    source_project_id: id.nullish(),
    target_project_id: id.nullish(),
    source: sideSchema.nullish(),
    last_commit: commitSchema,
    updated_at: z.string().nullish(),
  }),
});

type Read = z.output<typeof mergeRequestSchema>;

const REVIEWS: Readonly<Record<string, ReviewEvent['action']>> = {
  approved: 'approved',
  approval: 'approved',
  unapproved: 'dismissed',
  unapproval: 'dismissed',
};

/** GitLab's merge request hook, which also tells of approvals. */
export function normaliseMergeRequest(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(mergeRequestSchema, payload, 'merge request');
  const { object_attributes: request } = read;
  const about = { ...context, repository: toRepository(read.project), sender: toSender(read.user?.username) };
  const review = request.action && Object.hasOwn(REVIEWS, request.action) ? REVIEWS[request.action] : undefined;
  const commit = toCommit(request.last_commit);
  if (review) {
    const { iid: number, title, url } = request;
    return {
      event: { ...about, kind: 'review', action: review, number, title, url, reviewer: about.sender.login, commit },
    };
  }
  const action = actionOf(read);
  if (!action) return { ignored: `no automation can listen to the merge-request action ${request.action ?? '(none)'}` };
  const updatedAt = toTime(request.updated_at);
  return {
    event: {
      ...about,
      kind: 'pull_request',
      action,
      commit,
      pullRequest: {
        number: request.iid,
        title: request.title,
        url: request.url,
        // The payload has the author's number only; who acted is the sender.
        ...(action === 'opened' && { author: about.sender.login }),
        state: request.state === 'opened' ? 'open' : 'closed',
        draft: request.draft ?? request.work_in_progress ?? false,
        fork: request.source_project_id !== request.target_project_id,
        merged: request.state === 'merged',
        labels: (read.labels ?? []).slice(0, 100).map((label) => label.title),
        base: { ref: request.target_branch },
        head: {
          ref: request.source_branch,
          sha: commit.sha,
          ...(request.source && { repository: request.source.path_with_namespace }),
        },
        ...(updatedAt && { updatedAt }),
      },
      ...(action === 'edited' && read.changes?.target_branch !== undefined && { baseChanged: true }),
    },
  };
}

/** GitLab says `update` for all sorts of things; new commits are told by the old revision. */
function actionOf({
  object_attributes: { action, oldrev, draft, work_in_progress },
  changes,
}: Read): PullRequestAction | undefined {
  switch (action) {
    case 'open':
      return 'opened';
    case 'reopen':
      return 'reopened';
    case 'close':
    case 'merge':
      return 'closed';
    case 'update':
      if (oldrev) return 'synchronize';
      if (changes?.draft !== undefined) return (draft ?? work_in_progress) ? 'converted_to_draft' : 'ready_for_review';
      return changes?.labels === undefined ? 'edited' : 'labeled';
    default:
      return undefined;
  }
}
