import { z } from 'zod';
import type { StatusEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { branchName, id, link, sha, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, isForeignRef, isFork, toEventBase } from '../shapes.js';

const pipelineSchema = z.object({
  ...envelope,
  object_attributes: z.object({
    ref: branchName,
    sha,
    status: z.string(),
    name: text(255).nullish(),
    tag: z.boolean().nullish(),
    url: link.nullish(),
    source: z.string().nullish(),
  }),
  merge_request: z
    .object({
      source_branch: z.string().nullish(),
      source_project_id: id.nullish(),
      target_project_id: id.nullish(),
    })
    .nullish(),
});

type Read = z.output<typeof pipelineSchema>;

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
      ...(isForks(read) && { fork: true as const }),
    },
  };
}

/**
 * Returns whether a pipeline's commit may be a stranger's: the pipeline is of a merge request that is a fork's, see
 * {@link isFork}, or that is not told. Other pipelines are of branches and tags of the project.
 */
function isForks({ merge_request: request, object_attributes: { source, ref } }: Read): boolean {
  if (request) return isFork({ ...request, source_branch: request.source_branch ?? ref ?? '' });
  return /^(?:merge_request|external_pull_request)/.test(source ?? '') || isForeignRef(ref);
}
