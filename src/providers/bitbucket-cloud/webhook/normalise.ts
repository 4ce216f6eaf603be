import type { EventContext, Normalised, ProviderContext } from '../../webhook-scheme.js';
import { normaliseComment, normaliseCommitComment } from './comment.js';
import { normalisePullRequest, normaliseReview } from './pull-request.js';
import { normalisePush } from './push.js';
import { normaliseStatus } from './status.js';

type Normalise = (payload: unknown, context: ProviderContext) => Normalised;

/** What reads a payload, by the name in `X-Event-Key`. */
const byEvent: Readonly<Record<string, Normalise>> = {
  'repo:push': normalisePush,
  'repo:commit_comment_created': normaliseCommitComment,
  'repo:commit_status_created': normaliseStatus,
  'repo:commit_status_updated': normaliseStatus,
  'pullrequest:created': normalisePullRequest('opened'),
  'pullrequest:updated': normalisePullRequest('synchronize'),
  // Of new commits alone, which an update tells of too.
  'pullrequest:push': normalisePullRequest('synchronize'),
  'pullrequest:fulfilled': normalisePullRequest('closed', ['MERGED']),
  'pullrequest:rejected': normalisePullRequest('closed', ['DECLINED', 'SUPERSEDED']),
  'pullrequest:approved': normaliseReview('approved', 'approval'),
  'pullrequest:unapproved': normaliseReview('dismissed', 'approval'),
  'pullrequest:changes_request_created': normaliseReview('changes_requested', 'changes_request'),
  'pullrequest:changes_request_removed': normaliseReview('dismissed', 'changes_request'),
  'pullrequest:comment_created': normaliseComment('created'),
  'pullrequest:comment_updated': normaliseComment('edited'),
  'pullrequest:comment_deleted': normaliseComment('deleted'),
};

/** Turns a payload of Bitbucket Cloud into an event of ours, or several. */
export function normalise(payload: unknown, eventName: string, context: EventContext): Normalised {
  const known = Object.hasOwn(byEvent, eventName) ? byEvent[eventName] : undefined;
  if (!known) return { ignored: `no automation can listen to ${eventName} events` };
  return known(payload, { ...context, provider: 'bitbucket-cloud' });
}
