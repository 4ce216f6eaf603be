import { normaliseIssueComment } from '../../github/webhook/comment.js';
import { normaliseRelease } from '../../github/webhook/release.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { normalisePullRequest } from './pull-request.js';
import { normaliseCreate, normaliseDelete, normaliseGiteaPush } from './push.js';
import { normaliseGiteaReview } from './review.js';

type Normalise = (payload: unknown, context: ProviderContext) => Normalised;

/** Keyed by the name in the event header. What has GitHub's shape is read as GitHub's is. */
const byEvent: Readonly<Record<string, Normalise>> = {
  push: normaliseGiteaPush,
  create: normaliseCreate,
  delete: normaliseDelete,
  pull_request: normalisePullRequest,
  pull_request_approved: normaliseGiteaReview('approved'),
  pull_request_rejected: normaliseGiteaReview('changes_requested'),
  pull_request_comment: normaliseGiteaReview('commented'),
  issue_comment: normaliseIssueComment,
  release: normaliseRelease,
};

/** Returns what a payload of Gitea, Forgejo or Gogs says in our words. `eventName` is theirs, from the event header. */
export function normalise(payload: unknown, eventName: string, context: ProviderContext): Normalised {
  const known = Object.hasOwn(byEvent, eventName) ? byEvent[eventName] : undefined;
  return known ? known(payload, context) : { ignored: `no automation can listen to ${eventName} events` };
}
