import { CancellationScope, patched } from '@temporalio/workflow';
import type { StatusInput, StatusResult } from '../../activities/contract/index.js';
import type { PendingStatus } from '../../runs/handed-on.js';
import { statuses } from './activities.js';
import { beganAt } from './began-at.js';
import { supersededBy } from './cancel-reason.js';
import { reasonOf } from './failure.js';
import { progress } from './progress.js';

const ENDED = 'open-statuses-end';

/** What this run has set to pending, and has not ended. Module state: the workflow sandbox gives each run its own. */
const open = new Map<string, PendingStatus>();

/**
 * Sets a commit status. `reported: false` where a newer run has said more, and where the provider can't be reached for an
 * hour: then it is written later. Throws when the provider refuses.
 */
export async function reportStatus(input: StatusInput): Promise<StatusResult> {
  const { context, state } = input;
  if (state === 'pending') open.set(nameOf(input), { ...input, state });
  else open.delete(nameOf(input));
  const by = state === 'error' ? supersededBy() : undefined;
  const report = { ...input, ...(by !== undefined && { leadsTo: by }), runStartedAt: beganAt() };
  return statuses.reportStatus.executeWithOptions({ summary: `${context}: ${state}` }, [report]);
}

/** Sets a commit status in the background: a provider's outage delays it, and never fails or holds up a build. */
export function reportInBackground(input: StatusInput): void {
  const fail = (because: string) => progress.step(`Status ${input.context}`).fail(because);
  progress.background(
    CancellationScope.nonCancellable(() => reportStatus(input)).then(
      (result) => {
        if (!result.reported && result.later) fail(result.because);
      },
      (error) => fail(reasonOf(error)),
    ),
  );
}

/**
 * Ends what the run has set to pending and said no more of: the end of the run is its end. What ends without code of ours,
 * because the run was terminated or deleted, is left to what sweeps up after runs (src/activities/status).
 */
export function endOpenStatuses(because: string): void {
  // Runs that an older version started end without.
  if (open.size === 0 || !patched(ENDED)) return;
  for (const status of open.values()) {
    const { targetUrl: _, ...rest } = status;
    reportInBackground({ ...rest, state: 'error', description: because });
  }
}

/** Returns what the run has set to pending and not ended. */
export function openStatuses(): readonly PendingStatus[] {
  return [...open.values()];
}

/** Keeps that an earlier part of the run has set statuses to pending, and not ended them. */
export function keepOpen(statuses: readonly PendingStatus[]): void {
  for (const status of statuses) open.set(nameOf(status), status);
}

/** Leaves what the run has set to pending to another run, which reports on the same commit. */
export function handOverStatuses(): void {
  open.clear();
}

function nameOf({ source, repository, sha, context }: StatusInput): string {
  return JSON.stringify([source, repository, sha, context]);
}
