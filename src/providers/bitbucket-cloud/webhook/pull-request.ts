import { z } from 'zod';
import type { PullRequestAction, ReviewEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { MalformedPayload, type Normalised, type ProviderContext } from '../../webhook-scheme.js';
import {
  accountSchema,
  envelope,
  pageOf,
  pullRequestSchema,
  pullRequestUrl,
  toEventBase,
  toldWithoutHead,
  toPullRequest,
  toSender,
} from '../shapes.js';

const schema = z.object({ pullrequest: pullRequestSchema, ...envelope });

/**
 * Returns what reads Bitbucket's events about pull requests. `states` are those that the pull request may be in: the
 * event's name is not signed, and a captured body of an open one must not count as a merge.
 *
 * `pullrequest:updated` does not say whether the commits or the title changed: it counts as new commits, so that none
 * go unbuilt. `pullrequest:push` is of those alone. Source: https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Updated.1
 */
export function normalisePullRequest(action: PullRequestAction, states?: readonly string[]) {
  return (payload: unknown, context: ProviderContext): Normalised => {
    const read = parsePayload(schema, payload, 'pull request');
    if (states && !states.includes(read.pullrequest.state))
      throw new MalformedPayload("the pull request's state does not fit the event's name");
    const base = toEventBase(read, context);
    const pullRequest = toPullRequest(read.pullrequest, pageOf(read.repository));
    if (!pullRequest) {
      const closing = { event: base, pullRequest: toldWithoutHead(read.pullrequest, pageOf(read.repository)) };
      return { ignored: 'the pull request names no commit', ...(action === 'closed' && { closing }) };
    }
    const { sha } = pullRequest.head;
    // New commits have two events, of which a webhook may be set to send either or both. That the same commits go
    // elsewhere, are ready or are called otherwise, which filters look at, is told by one of them alone.
    const { number, base: into, draft, title } = pullRequest;
    const told = [base.repository.id, number, sha, into.ref, draft, title].join(' ');
    const telling = action === 'synchronize' && { telling: told };
    return { ...telling, event: { ...base, kind: 'pull_request', action, pullRequest, commit: { sha } } };
  };
}

const judgementSchema = z.object({ user: accountSchema.nullish() });

const reviewSchema = schema.extend({
  approval: judgementSchema.nullish(),
  changes_request: judgementSchema.nullish(),
});

/** Returns what reads approvals and requests for changes, given and taken back. `field` holds who did it. */
export function normaliseReview(action: ReviewEvent['action'], field: 'approval' | 'changes_request') {
  return (payload: unknown, context: ProviderContext): Normalised => {
    const read = parsePayload(reviewSchema, payload, 'review');
    const judgement = read[field];
    if (!judgement) throw new MalformedPayload(`the body is not a review payload: ${field} is missing`);
    const { id: number, title, source } = read.pullrequest;
    return {
      event: {
        ...toEventBase(read, context),
        kind: 'review',
        action,
        number,
        title,
        url: pullRequestUrl(read.pullrequest, pageOf(read.repository)),
        reviewer: toSender(judgement.user ?? read.actor).login,
        ...(source.commit && { commit: { sha: source.commit.hash } }),
      },
    };
  };
}
