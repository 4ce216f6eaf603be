import type { EventContext, Normalised, ProviderContext } from '../../webhook-scheme.js';
import { normaliseDeployment } from './deployment.js';
import { normaliseMergeRequest } from './merge-request.js';
import { normaliseNote } from './note.js';
import { normalisePush } from './push.js';
import { normaliseRelease } from './release.js';
import { normalisePipeline } from './status.js';

type Normalise = (payload: unknown, context: ProviderContext) => Normalised;

/** Keyed by the name in `X-Gitlab-Event`. */
const byEvent: Readonly<Record<string, Normalise>> = {
  'Push Hook': normalisePush,
  'Tag Push Hook': normalisePush,
  'Merge Request Hook': normaliseMergeRequest,
  'Note Hook': normaliseNote,
  // Of internal notes.
  'Confidential Note Hook': normaliseNote,
  'Release Hook': normaliseRelease,
  'Deployment Hook': normaliseDeployment,
  'Pipeline Hook': normalisePipeline,
};

/** Returns what a payload says in our words. `eventName` is GitLab's, from `X-Gitlab-Event`. */
export function normalise(payload: unknown, eventName: string, context: EventContext): Normalised {
  const known = Object.hasOwn(byEvent, eventName) ? byEvent[eventName] : undefined;
  if (!known) return { ignored: `no automation can listen to ${eventName} events` };
  return known(payload, { ...context, provider: 'gitlab' });
}
