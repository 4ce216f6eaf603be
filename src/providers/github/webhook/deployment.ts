import { z } from 'zod';
import type { DeploymentEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { id, link, refName, sha, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, toEventBase } from '../shapes.js';

const CREATED = 'created';

const deploymentSchema = z.object({
  action: z.string().nullish(),
  deployment: z.object({ id, sha, ref: refName, environment: text(255) }),
  // The run of GitHub Actions that asks for it. Null where somebody with write access does.
  workflow_run: z.object({ head_repository: z.object({ id: id.nullish() }).nullish() }).nullish(),
  ...envelope,
});

/** Reads GitHub's `deployment`: somebody asks for one. */
export function normaliseDeployment(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(deploymentSchema, payload, 'deployment');
  if (!isCreated(read)) return UNKNOWN_ACTION;
  return { event: toEvent(read, context, { action: CREATED }) };
}

const UNKNOWN_ACTION = { ignored: 'no automation can listen to this action of a deployment' } as const;

/** Whether a deployment or its state is new. GitHub tells of nothing else that is done to them yet. */
function isCreated({ action }: { action?: string | null | undefined }): boolean {
  return (action ?? CREATED) === CREATED;
}

const statusSchema = deploymentSchema.extend({
  deployment_status: z.object({ state: z.string(), target_url: link.nullish() }),
});

const STATES: Readonly<Record<string, DeploymentEvent['action']>> = {
  queued: 'pending',
  // For somebody to approve it.
  waiting: 'pending',
  pending: 'pending',
  in_progress: 'running',
  success: 'success',
  failure: 'failure',
  error: 'failure',
};

/** Reads GitHub's `deployment_status`: how a deployment goes. */
export function normaliseDeploymentStatus(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(statusSchema, payload, 'deployment_status');
  if (!isCreated(read)) return UNKNOWN_ACTION;
  const { state, target_url } = read.deployment_status;
  const action = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (!action) return { ignored: 'the deployment is in no state that an automation can listen to' };
  return { event: toEvent(read, context, { action, ...(target_url && { url: target_url }) }) };
}

function toEvent(
  read: z.output<typeof deploymentSchema>,
  context: ProviderContext,
  how: Pick<DeploymentEvent, 'action' | 'url'>,
): DeploymentEvent {
  const { deployment } = read;
  return {
    ...toEventBase(read, context),
    kind: 'deployment',
    id: deployment.id,
    environment: deployment.environment,
    ref: deployment.ref,
    commit: { sha: deployment.sha },
    ...(isForks(read) && { fork: true as const }),
    ...how,
  };
}

/** A ref that everybody may bring about who can open a pull request. GitHub takes a short one too. */
const OF_PULL_REQUEST = /^(?:refs\/pull\/|pull\/\d+\/(?:head|merge)$)/;

/** Returns whether the commit may be a fork's: the run that asks for the deployment is of one, or the ref is of a pull request. */
function isForks({ deployment, workflow_run: run, repository }: z.output<typeof deploymentSchema>): boolean {
  return OF_PULL_REQUEST.test(deployment.ref) || (Boolean(run) && run?.head_repository?.id !== repository.id);
}
