import type { EmitterWebhookEvent } from '@octokit/webhooks';
import type { EventContext, Normalised, ProviderContext } from '../../webhook-scheme.js';
import { normaliseCommitComment, normaliseIssueComment, normaliseLineComment } from './comment.js';
import { normaliseDeployment, normaliseDeploymentStatus } from './deployment.js';
import { normaliseMergeGroup } from './merge-group.js';
import { normalisePullRequest } from './pull-request.js';
import { normalisePush } from './push.js';
import { normaliseRelease } from './release.js';
import { normaliseReview } from './review.js';
import { normaliseCheckRun, normaliseStatus, normaliseWorkflowRun } from './status.js';

type Normalise = (payload: unknown, context: ProviderContext) => Normalised;

const ignore = (reason: string): Normalise => {
  return () => ({ ignored: reason });
};

/** Keyed by Octokit's names of events, so that a misspelt one does not compile. */
const byEvent: { readonly [name in EmitterWebhookEvent['name']]?: Normalise } = {
  push: normalisePush,
  pull_request: normalisePullRequest,
  merge_group: normaliseMergeGroup,
  issue_comment: normaliseIssueComment,
  pull_request_review_comment: normaliseLineComment,
  commit_comment: normaliseCommitComment,
  pull_request_review: normaliseReview,
  release: normaliseRelease,
  deployment: normaliseDeployment,
  deployment_status: normaliseDeploymentStatus,
  status: normaliseStatus,
  check_run: normaliseCheckRun,
  workflow_run: normaliseWorkflowRun,
  ping: ignore('ping'),
  create: ignore('the push event says the same'),
  delete: ignore('the push event says the same'),
};

/** Returns what a payload says in our words. `eventName` is GitHub's, from `X-GitHub-Event`. */
export function normalise(payload: unknown, eventName: string, context: EventContext): Normalised {
  const known = Object.hasOwn(byEvent, eventName) ? byEvent[eventName as keyof typeof byEvent] : undefined;
  return known
    ? known(payload, { ...context, provider: 'github' })
    : { ignored: `no automation can listen to ${eventName} events` };
}
