import { z } from 'zod';
import { parsePayload } from '../../parse.js';
import { type EventContext, MalformedPayload, type Normalised } from '../../webhook-scheme.js';
import { normaliseComment, normaliseCommitComment } from './comment.js';
import { PING } from './ping.js';
import {
  normaliseDeleted,
  normaliseModified,
  normalisePullRequest,
  normaliseReview,
  normaliseReviewers,
  type ServerContext,
} from './pull-request.js';
import { normalisePush } from './push.js';

type Normalise = (payload: unknown, context: ServerContext) => Normalised;

/** What reads a payload, by the name in `X-Event-Key`. */
const byEvent: Readonly<Record<string, Normalise>> = {
  'repo:refs_changed': normalisePush,
  'repo:comment:added': normaliseCommitComment('created'),
  'repo:comment:edited': normaliseCommitComment('edited'),
  'repo:comment:deleted': normaliseCommitComment('deleted'),
  'pr:opened': normalisePullRequest('opened'),
  'pr:reopened': normalisePullRequest('reopened'),
  'pr:from_ref_updated': normalisePullRequest('synchronize'),
  'pr:modified': normaliseModified,
  'pr:merged': normalisePullRequest('closed', 'MERGED'),
  'pr:declined': normalisePullRequest('closed', 'DECLINED'),
  'pr:deleted': normaliseDeleted,
  'pr:reviewer:updated': normaliseReviewers,
  'pr:reviewer:approved': normaliseReview('approved'),
  'pr:reviewer:unapproved': normaliseReview('dismissed'),
  'pr:reviewer:needs_work': normaliseReview('changes_requested'),
  // The documentation's name of it; servers send needs_work.
  'pr:reviewer:changes_requested': normaliseReview('changes_requested'),
  'pr:comment:added': normaliseComment('created'),
  'pr:comment:edited': normaliseComment('edited'),
  'pr:comment:deleted': normaliseComment('deleted'),
};

const namedSchema = z.object({ eventKey: z.string().nullish() });

/** Returns what turns payloads of the server into events of ours. `server` is its web base. */
export function createNormalise(server: string) {
  return (payload: unknown, eventName: string, context: EventContext): Normalised => {
    if (eventName === PING) return { ignored: 'ping' };
    const { eventKey } = parsePayload(namedSchema, payload, eventName);
    // The body is signed, the header is not.
    if (eventKey && eventKey !== eventName)
      throw new MalformedPayload("the event's name in the header is not the one in the body");
    const known = Object.hasOwn(byEvent, eventName) ? byEvent[eventName] : undefined;
    if (!known) return { ignored: `no automation can listen to ${eventName} events` };
    return known(payload, { ...context, provider: 'bitbucket-data-center', server });
  };
}
