import { z } from 'zod';
import type { DeploymentEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { id, link, refName, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, isForeignRef, toEventBase } from '../shapes.js';

const deploymentSchema = z.object({
  ...envelope,
  status: z.string(),
  deployment_id: id,
  environment: text(255),
  // Empty where there is none.
  ref: refName.or(z.literal('')).nullish(),
  deployable_url: link.nullish(),
  commit_url: link.nullish().catch(undefined),
});

const STATUSES: Readonly<Record<string, DeploymentEvent['action']>> = {
  created: 'created',
  running: 'running',
  success: 'success',
  failed: 'failure',
  canceled: 'failure',
};

/** The page of a commit, which alone names it whole. */
const COMMIT_PAGE = /\/commit\/([0-9a-f]{64}|[0-9a-f]{40})$/;

/** Reads GitLab's deployment hook. Beside the commit's short name, it has the address of its page. */
export function normaliseDeployment(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(deploymentSchema, payload, 'deployment');
  const action = Object.hasOwn(STATUSES, read.status) ? STATUSES[read.status] : undefined;
  if (!action) return { ignored: 'the deployment is in no state that an automation can listen to' };
  const { deployment_id, environment, ref, deployable_url: url, commit_url: page } = read;
  const sha = COMMIT_PAGE.exec(page ?? '')?.[1];
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'deployment',
      action,
      id: deployment_id,
      environment,
      ...(ref && { ref }),
      ...(sha && page && { commit: { sha, url: page } }),
      ...(url && { url }),
      // Of a merge request, whose source the payload does not tell.
      ...(isForeignRef(ref) && { fork: true as const }),
    },
  };
}
