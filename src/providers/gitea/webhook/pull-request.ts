import { z } from 'zod';
import type { PullRequestAction } from '../../../events/event.js';
import { draftChange } from '../../draft-title.js';
import { envelope, toEventBase } from '../../github/shapes.js';
import { labelAction } from '../../label-action.js';
import { parsePayload } from '../../parse.js';
import { issueNumber, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { pullRequestSchema, toPullRequest } from '../shapes.js';

const { base, head, state } = pullRequestSchema.shape;

/** The payload about a pull request or a review. */
export const payloadSchema = z.object({
  action: z.string().regex(/^[\w.:-]{1,100}$/),
  number: issueNumber,
  // Some versions leave the state out, and Gogs the branches.
  pull_request: pullRequestSchema
    .omit({ number: true })
    .extend({ state: state.nullish(), base: base.nullish(), head: head.nullish() }),
  changes: z
    .object({
      ref: z.unknown().optional(),
      title: z
        .object({ from: text(500).nullish() })
        .nullish()
        .catch(undefined),
    })
    .nullish(),
  review: z.object({ content: text(10_000).nullish() }).nullish(),
  ...envelope,
});

type Read = z.output<typeof payloadSchema>;

/** Their actions, and GitHub's names for them. */
const ACTIONS: Readonly<Record<string, PullRequestAction>> = {
  opened: 'opened',
  closed: 'closed',
  reopened: 'reopened',
  edited: 'edited',
  synchronized: 'synchronize',
  // Or taken off: see `labelsChanged`.
  label_updated: 'labeled',
  label_cleared: 'unlabeled',
  assigned: 'assigned',
  unassigned: 'unassigned',
  milestoned: 'milestoned',
  demilestoned: 'demilestoned',
  review_requested: 'review_requested',
  review_request_removed: 'review_request_removed',
};

/** Reads `pull_request`. Ignored when it names no commit, as those of Gogs: nothing could be built or reported on. */
export function normalisePullRequest(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(payloadSchema, payload, 'pull_request');
  const action = actionOf(read);
  if (!action) return { ignored: `no automation can listen to the pull-request action ${read.action}` };
  const pullRequest = pullRequestOf(read, action);
  if (!pullRequest) {
    const isGone = action === 'closed' && Boolean(read.pull_request.head);
    return {
      ignored: 'the pull request names no commit',
      ...(isGone && { closing: { event: toEventBase(read, context), pullRequest: toldWithoutHead(read) } }),
    };
  }
  return {
    ...(read.action === 'label_updated' && { labelsChanged: true }),
    event: {
      ...toEventBase(read, context),
      kind: 'pull_request',
      action,
      commit: { sha: pullRequest.head.sha },
      pullRequest,
      ...(read.action === 'edited' && Boolean(read.changes?.ref) && { baseChanged: true }),
    },
  };
}

/** Returns their action in our words. They have drafts by their titles alone, and report those as edited. */
function actionOf(read: Read): PullRequestAction | undefined {
  const action = Object.hasOwn(ACTIONS, read.action) ? ACTIONS[read.action] : undefined;
  if (read.action === 'label_updated') return labelAction(undefined, read.pull_request.labels);
  const from = read.changes?.title?.from;
  if (action !== 'edited' || !from) return action;
  const { title: to, draft } = read.pull_request;
  return draftChange({ from, to, draft }) ?? action;
}

/** Returns what a pull request whose branch is gone still tells. */
function toldWithoutHead({ number, pull_request: { title, html_url: url, merged, labels, updated_at } }: Read) {
  const updatedAt = updated_at && { updatedAt: new Date(updated_at).toISOString() };
  return { number, title, url, merged: merged === true, labels, ...updatedAt };
}

function pullRequestOf({ number, pull_request: { base, head, ...pull } }: Read, action: PullRequestAction) {
  if (!base || !head) return undefined;
  return toPullRequest({ ...pull, number, base, head, state: pull.state ?? (action === 'closed' ? 'closed' : 'open') });
}
