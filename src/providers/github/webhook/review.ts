import { z } from 'zod';
import type { ReviewEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { issueNumber, link, sha, text, title } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, toEventBase, toSender, userSchema } from '../shapes.js';

const reviewSchema = z.object({
  action: z.string(),
  review: z.object({
    state: z.string(),
    body: text(10_000).nullish(),
    html_url: link.nullish(),
    user: userSchema.nullish(),
    commit_id: sha.nullish(),
  }),
  pull_request: z.object({ number: issueNumber, title, html_url: link, state: z.string().nullish() }),
  ...envelope,
});

const REVIEW_STATES: Readonly<Record<string, ReviewEvent['action']>> = {
  approved: 'approved',
  changes_requested: 'changes_requested',
  commented: 'commented',
  dismissed: 'dismissed',
};

const READ_ACTIONS: readonly string[] = ['submitted', 'dismissed'];

/** Reads GitHub's `pull_request_review`. */
export function normaliseReview(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(reviewSchema, payload, 'pull_request_review');
  if (read.action === 'edited') return { ignored: 'the text of a review was edited' };
  // Whatever else is done to a review, it keeps the state and the text that it had when it was submitted.
  if (!READ_ACTIONS.includes(read.action)) return { ignored: 'no automation can listen to this action of a review' };
  // What was dismissed may still be called approved.
  const state = read.action === 'dismissed' ? 'dismissed' : read.review.state.toLowerCase();
  const outcome = Object.hasOwn(REVIEW_STATES, state) ? REVIEW_STATES[state] : undefined;
  if (!outcome) return { ignored: 'the review is in no state that an automation can listen to' };
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'review',
      action: outcome,
      number: read.pull_request.number,
      title: read.pull_request.title,
      url: read.review.html_url ?? read.pull_request.html_url,
      reviewer: toSender(read.review.user).login,
      ...(read.pull_request.state && { open: read.pull_request.state === 'open' }),
      ...(read.review.body && { body: read.review.body }),
      ...(read.review.commit_id && { commit: { sha: read.review.commit_id } }),
    },
  };
}
