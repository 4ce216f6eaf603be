import type { EventContext, Normalised } from '../../webhook-scheme.js';
import { normaliseComment } from './comment.js';
import type { OrganisationContext } from './context.js';
import { normaliseCreated, normaliseMerged, normaliseUpdated } from './pull-request.js';
import { normalisePush } from './push.js';

type Normalise = (payload: unknown, context: OrganisationContext) => Normalised;

/** What reads a payload, by the body's `eventType`. */
const byEvent: Readonly<Record<string, Normalise>> = {
  'git.push': normalisePush,
  'git.pullrequest.created': normaliseCreated,
  'git.pullrequest.updated': normaliseUpdated,
  'git.pullrequest.merged': normaliseMerged,
  'ms.vss-code.git-pullrequest-comment-event': normaliseComment,
};

/**
 * Returns what turns payloads of an organisation into events of ours. Versions of a resource differ in the fields that
 * they leave out, not in their names, so the version is not looked at.
 */
export function createNormalise(organisation: string) {
  return (payload: unknown, eventName: string, context: EventContext): Normalised => {
    const known = Object.hasOwn(byEvent, eventName) ? byEvent[eventName] : undefined;
    if (!known) return { ignored: `no automation can listen to ${eventName} events` };
    return known(payload, { ...context, provider: 'azure-devops', organisation });
  };
}
