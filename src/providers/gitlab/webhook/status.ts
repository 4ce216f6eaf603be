import { z } from 'zod';
import type { StatusEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { branchName, link, sha, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, toEventBase } from '../shapes.js';

const pipelineSchema = z.object({
  ...envelope,
  object_attributes: z.object({
    ref: branchName,
    sha,
    status: z.string(),
    name: text(255).nullish(),
    tag: z.boolean().nullish(),
    url: link.nullish(),
  }),
});

const STATES: Readonly<Record<string, StatusEvent['state']>> = {
  success: 'success',
  failed: 'failure',
  canceled: 'cancelled',
  skipped: 'skipped',
};

/** Reads GitLab's pipeline hook, which comes at every change of a pipeline's state. */
export function normalisePipeline(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(pipelineSchema, payload, 'pipeline');
  const { ref, sha: commit, status, name, tag, url } = read.object_attributes;
  const state = (Object.hasOwn(STATES, status) ? STATES[status] : undefined) ?? 'pending';
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'status',
      state,
      name: name ?? 'pipeline',
      commit: { sha: commit },
      ...(!tag && ref && { branch: ref }),
      ...(url && { url }),
    },
  };
}
