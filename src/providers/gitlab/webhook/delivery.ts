import { z } from 'zod';
import type { DeploymentEvent, ReleaseEvent, StatusEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { branchName, id, link, refName, sha, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { personSchema, projectSchema, toRepository, toSender } from './fields.js';

const envelope = { user: personSchema.nullish(), project: projectSchema };
const about = ({
  user,
  project,
}: {
  user?: z.output<typeof personSchema> | null | undefined;
  project: z.output<typeof projectSchema>;
}) => ({
  repository: toRepository(project),
  sender: toSender(user?.username),
});

const releaseSchema = z.object({
  ...envelope,
  action: z.string(),
  tag: refName,
  name: text(500).nullish(),
  url: link.nullish(),
});

const RELEASES: Readonly<Record<string, ReleaseEvent['action']>> = {
  create: 'published',
  update: 'edited',
  delete: 'deleted',
};

/** GitLab's release hook. */
export function normaliseRelease(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(releaseSchema, payload, 'release');
  const action = Object.hasOwn(RELEASES, read.action) ? RELEASES[read.action] : undefined;
  if (!action) return { ignored: 'no automation can listen to this release action' };
  const { tag, name, url } = read;
  return {
    event: {
      ...context,
      ...about(read),
      kind: 'release',
      action,
      tag,
      ...(name && { name }),
      ...(url && { url }),
      draft: false,
      prerelease: false,
    },
  };
}

const deploymentSchema = z.object({
  ...envelope,
  status: z.string(),
  deployment_id: id,
  environment: text(255),
  ref: refName.nullish(),
  deployable_url: link.nullish(),
});

const DEPLOYMENTS: Readonly<Record<string, DeploymentEvent['action']>> = {
  created: 'created',
  running: 'running',
  success: 'success',
  failed: 'failure',
  canceled: 'failure',
};

/** GitLab's deployment hook. It has the commit's short name only, so the event has none. */
export function normaliseDeployment(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(deploymentSchema, payload, 'deployment');
  const action = Object.hasOwn(DEPLOYMENTS, read.status) ? DEPLOYMENTS[read.status] : undefined;
  if (!action) return { ignored: 'the deployment is in no state that an automation can listen to' };
  const { deployment_id, environment, ref, deployable_url: url } = read;
  return {
    event: {
      ...context,
      ...about(read),
      kind: 'deployment',
      action,
      id: deployment_id,
      environment,
      ...(ref && { ref }),
      ...(url && { url }),
    },
  };
}

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

const PIPELINES: Readonly<Record<string, StatusEvent['state']>> = {
  success: 'success',
  failed: 'failure',
  canceled: 'cancelled',
  skipped: 'skipped',
};

/** GitLab's pipeline hook, one for every change of a pipeline's state. */
export function normalisePipeline(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(pipelineSchema, payload, 'pipeline');
  const { ref, sha: commit, status, name, tag, url } = read.object_attributes;
  const state = (Object.hasOwn(PIPELINES, status) ? PIPELINES[status] : undefined) ?? 'pending';
  return {
    event: {
      ...context,
      ...about(read),
      kind: 'status',
      state,
      name: name ?? 'pipeline',
      commit: { sha: commit },
      ...(!tag && ref && { branch: ref }),
      ...(url && { url }),
    },
  };
}
