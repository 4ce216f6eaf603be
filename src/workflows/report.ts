import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { StatusInput, StatusResult } from '../activities/contract.js';
import { plain } from '../events/markdown.js';
import { service } from './activities.js';
import { reasonOf } from './failure.js';
import type { BuildableEvent } from './run-job.js';
import { story } from './story.js';

export interface StatusOptions {
  readonly state: StatusInput['state'];
  /** Cut to the provider's limit. */
  readonly description: string;
  /** Behind `hookyard/<automation>/`. Default: `hookyard/<automation>`. */
  readonly context?: string;
  /** Where the status leads. Default: the run's page. */
  readonly targetUrl?: string;
}

export const report = {
  /**
   * Sets a commit status on the event's commit. `reported: false` when the source has no API credentials. Throws when
   * the provider refuses, or stays away for an hour.
   */
  async status(event: BuildableEvent, options: StatusOptions): Promise<StatusResult> {
    const automation = workflowInfo().workflowType;
    return send({
      source: event.source,
      repository: event.repository.fullName,
      sha: event.commit.sha,
      state: options.state,
      description: options.description,
      context: options.context ? `hookyard/${automation}/${options.context}` : `hookyard/${automation}`,
      ...(options.targetUrl && { targetUrl: options.targetUrl }),
    });
  },
};

/** Reports beside the run: a provider's outage delays a status and never fails or holds up a build. */
export function reportBeside(input: StatusInput): void {
  story.beside(
    CancellationScope.nonCancellable(() => send(input)).catch((error) =>
      story.begin(`Status ${input.context}`).end('error', plain(reasonOf(error))),
    ),
  );
}

async function send(input: StatusInput): Promise<StatusResult> {
  return service.reportStatus.executeWithOptions({ summary: `${input.context}: ${input.state}` }, [input]);
}
