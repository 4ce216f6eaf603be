import { CancellationScope } from '@temporalio/workflow';
import type { StatusInput, StatusResult } from '../../activities/contract/index.js';
import { plain } from '../../events/markdown.js';
import { service } from './activities.js';
import { reasonOf } from './failure.js';
import { progress } from './progress.js';

/** Sets a commit status. Throws when the provider refuses, or can't be reached for an hour. */
export async function reportStatus(input: StatusInput): Promise<StatusResult> {
  return service.reportStatus.executeWithOptions({ summary: `${input.context}: ${input.state}` }, [input]);
}

/** Sets a commit status in the background: a provider's outage delays it, and never fails or holds up a build. */
export function reportInBackground(input: StatusInput): void {
  progress.background(
    CancellationScope.nonCancellable(() => reportStatus(input)).catch((error) =>
      progress.step(`Status ${input.context}`).end('error', plain(reasonOf(error))),
    ),
  );
}
