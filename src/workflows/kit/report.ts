import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { CommentResult, StatusInput, StatusResult } from '../../activities/contract/index.js';
import { pullRequestOf } from '../../events/accessors.js';
import type { CommentEvent, PullRequestEvent, ReviewEvent } from '../../events/event.js';
import { plain } from '../../events/markdown.js';
import { service } from '../run/activities.js';
import { reasonOf } from '../run/failure.js';
import { story } from '../run/progress.js';
import { told } from '../run/step.js';
import type { BuildableEvent } from './run-job.js';

export interface StatusOptions {
  readonly state: StatusInput['state'];
  /** Cut to the provider's limit. */
  readonly description: string;
  /** Behind `hookyard/<automation>/`. Default: `hookyard/<automation>`. */
  readonly context?: string;
  /** Where the status leads. Default: the run's page. */
  readonly targetUrl?: string;
}

export interface CommentOptions {
  /** Markdown. Text from payloads must have gone through `plain`. */
  readonly body: string;
  /** Which of the automation's comments it is, where it has several. Default: the only one. */
  readonly name?: string;
}

export const report = {
  /**
   * Keeps one comment on a pull request: written the first time, and edited when its text changes. `written: false` when
   * the source has no API credentials. Throws when the provider refuses, or stays away for an hour.
   */
  async comment(event: PullRequestEvent | CommentEvent | ReviewEvent, options: CommentOptions): Promise<CommentResult> {
    const number = pullRequestOf(event);
    if (number === undefined) throw new Error('report.comment(): the event is about no pull request');
    const automation = workflowInfo().workflowType;
    return told('Comment', () =>
      service.writeComment({
        source: event.source,
        repository: event.repository.fullName,
        number,
        body: options.body,
        sticky: options.name === undefined ? automation : `${automation}/${options.name}`,
      }),
    );
  },

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
