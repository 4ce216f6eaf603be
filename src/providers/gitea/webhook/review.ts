import type { ReviewEvent } from '../../../events/event.js';
import { toEventBase } from '../../github/shapes.js';
import { parsePayload } from '../../parse.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { payloadSchema } from './pull-request.js';

/** Returns the reader of reviews with one outcome: each outcome is an event with a name of its own. */
export function normaliseGiteaReview(outcome: ReviewEvent['action']) {
  return (payload: unknown, context: ProviderContext): Normalised => {
    const read = parsePayload(payloadSchema, payload, 'review');
    const base = toEventBase(read, context);
    return {
      event: {
        ...base,
        kind: 'review',
        action: outcome,
        number: read.number,
        title: read.pull_request.title,
        url: read.pull_request.html_url,
        reviewer: base.sender.login,
        ...(read.pull_request.state && { open: read.pull_request.state === 'open' }),
        ...(read.review?.content && { body: read.review.content }),
        ...(read.pull_request.head?.sha && { commit: { sha: read.pull_request.head.sha } }),
      },
    };
  };
}
