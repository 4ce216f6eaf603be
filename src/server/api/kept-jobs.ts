import { type Client, isGrpcServiceError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { type KeptJob, keptJobSchema } from '../../runs/kept-job.js';
import type { KeptJobsAnswer } from './contract.js';
import { temporalAway } from './temporal-away.js';

const ACTIVITY = 'keepJob';
const DEADLINE_MS = 10_000;
/** gRPC's code. */
const NOT_FOUND = 5;

/**
 * Returns the jobs of a run that failed, and where their workspaces are kept, as its history tells: of each job the last that was said.
 * Undefined if Temporal does not know the run, or no more. Throws {@link HttpError} (503) while Temporal is away.
 */
export async function listKeptJobs(client: Client, workflowId: string): Promise<KeptJobsAnswer | undefined> {
  const jobs = new Map<string, KeptJob>();
  try {
    const { events } = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId).fetchHistory(),
    );
    const asked = new Set<string>();
    for (const { eventId, activityTaskScheduledEventAttributes: scheduled, ...event } of events ?? []) {
      if (scheduled?.activityType?.name === ACTIVITY) asked.add(String(eventId));
      const completed = event.activityTaskCompletedEventAttributes;
      const [payload] = completed?.result?.payloads ?? [];
      if (!payload || !asked.has(String(completed?.scheduledEventId))) continue;
      const { data } = keptJobSchema.safeParse(defaultPayloadConverter.fromPayload(payload));
      if (data) jobs.set(data.job, data);
    }
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === NOT_FOUND) return undefined;
    throw temporalAway();
  }
  return { jobs: [...jobs.values()] };
}
