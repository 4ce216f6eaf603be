import { z } from 'zod';
import { isZeroSha } from '../../../events/git-names.js';
import { parsePayload } from '../../parse.js';
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

/**
 * What a system hook, of a whole GitLab, tells as the hooks of projects do. All else that it tells is about accounts and
 * projects. Keyed by the name in the payload. Source: https://docs.gitlab.com/administration/system_hooks/
 */
const bySystemEvent: Readonly<Record<string, Normalise>> = {
  push: normalisePush,
  tag_push: normalisePush,
  merge_request: normaliseMergeRequest,
  // Of all refs of a push at once. It names nobody who did it by an account.
  repository_update: normaliseRefs,
};

/** GitLab's `push_event_hooks_limit`, where nobody has raised it. */
const MOST_REFS = 3;

const changeSchema = z.object({ ref: z.string(), before: z.string(), after: z.string() });
const refsSchema = z.object({ changes: z.array(changeSchema).nullish().catch(undefined) });

/**
 * Returns why what tells of all refs of a push is ignored. Of more refs of a sort, made, moved or deleted, than its limit GitLab sends
 * no push events: then this is all that it tells of them.
 */
function normaliseRefs(payload: unknown): Normalised {
  const counts = new Map<string, number>();
  for (const { ref, before, after } of parsePayload(refsSchema, payload, 'system hook').changes ?? []) {
    const sort = `${ref.startsWith('refs/tags/')} ${isZeroSha(before)} ${isZeroSha(after)}`;
    counts.set(sort, (counts.get(sort) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  const instead = 'push and tag push events report the same: choose those in the system hook';
  if (most <= MOST_REFS) return { ignored: instead };
  return {
    ignored: `${instead}; of ${most} refs at once GitLab sends none unless push_event_hooks_limit, ${MOST_REFS} by default, is raised`,
  };
}

const systemSchema = z.object({ event_name: z.string().nullish(), object_kind: z.string().nullish() });

/** Returns what a payload says in our words. `eventName` is GitLab's, from `X-Gitlab-Event`. */
export function normalise(payload: unknown, eventName: string, context: EventContext): Normalised {
  const isSystems = eventName === 'System Hook';
  const name = isSystems ? systemEventOf(payload) : eventName;
  const table = isSystems ? bySystemEvent : byEvent;
  const known = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!known) return { ignored: `no automation can listen to ${isSystems ? `a system hook's ${name}` : name} events` };
  return known(payload, { ...context, provider: 'gitlab' });
}

function systemEventOf(payload: unknown): string {
  const { event_name, object_kind } = parsePayload(systemSchema, payload, 'system hook');
  return (event_name ?? object_kind ?? 'unnamed').slice(0, 100);
}
