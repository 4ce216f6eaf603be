import { workflowInfo } from '@temporalio/workflow';
import type { CommentResult, StatusInput, StatusResult } from '../../activities/contract/index.js';
import { pullRequestOf } from '../../events/accessors.js';
import type { ChainedEvent, CommentEvent, PullRequestEvent, ReviewEvent } from '../../events/event.js';
import { provider } from '../run/activities.js';
import { whyNotBuildable } from '../run/buildable.js';
import { progress } from '../run/progress.js';
import { reportStatus } from '../run/report-status.js';
import { keepTable } from '../run/run-table.js';
import { runStep } from '../run/step.js';
import { isUnpeeled, withTagCommit } from '../run/tag-commit.js';
import type { BuildableEvent } from './buildable-event.js';
import { refuseUnknown } from './known-options.js';

/** What a commit status says. */
export interface StatusOptions {
  readonly state: StatusInput['state'];
  /** Cut to the provider's limit. */
  readonly description: string;
  /** Appended to `hookyard/<automation>/`. Default: `hookyard/<automation>`. */
  readonly context?: string;
  /** URL that the status leads to. Default: the run's page. */
  readonly targetUrl?: string;
}

/** What a comment says. */
export interface CommentOptions {
  /** Markdown. Text from payloads must have gone through `plain`. */
  readonly body: string;
  /** Tells the automation's comments apart, where it keeps several. Default: it keeps one. */
  readonly name?: string;
}

/**
 * Reports to the provider: a comment on the pull request, a status on the commit. `runJob` reports its own status.
 *
 * @example
 * import { automation, plain, pullRequest, report } from 'hookyard/workflow';
 *
 * export const size = automation({ on: pullRequest() }, async (event) => {
 *   await report.comment(event, { body: `Thank you for **${plain(event.pullRequest.title)}**` });
 *   await report.status(event, { state: 'success', description: 'small enough', context: 'size' });
 * });
 */
export const report = {
  /**
   * Keeps one comment on a pull request: written the first time, and edited when its text changes. `written: false` when
   * the source has no API credentials. Throws when the event is not about a pull request, when the provider refuses, or
   * can't be reached for a day.
   */
  async comment(event: PullRequestEvent | CommentEvent | ReviewEvent, options: CommentOptions): Promise<CommentResult> {
    refuseUnknown('report.comment', options, { body: true, name: true });
    const number = pullRequestOf(event);
    if (number === undefined)
      throw new Error(
        `report.comment(): the ${event.kind} event is not about a pull request, so there is none to comment on`,
      );
    const automation = workflowInfo().workflowType;
    return runStep('Comment', () =>
      provider.writeComment({
        source: event.source,
        repository: event.repository.fullName,
        number,
        body: options.body,
        sticky: options.name === undefined ? automation : `${automation}/${options.name}`,
      }),
    );
  },

  /**
   * Keeps one comment on a pull request with a table of the run's jobs and builds: written now, and again once the run has ended,
   * however it does. Each automation has one, which is the newest run's. A provider that can't be reached for minutes fails no
   * run. Throws when the event is not about a pull request.
   */
  async table(event: PullRequestEvent | CommentEvent | ReviewEvent | ChainedEvent): Promise<void> {
    const because = await progress.track(keepTable(event));
    if (because !== undefined) throw new Error(`report.table(): ${because}`);
  },

  /**
   * Sets a commit status on the event's commit. `reported: false` when the source has no API credentials, when a
   * newer run has reported on the same commit, or when the provider can't be reached for an hour: then it is written
   * later, also after the run has ended. What is still pending when the run ends becomes an error. Throws when the
   * event has no commit, or when the provider refuses.
   */
  async status(event: BuildableEvent, options: StatusOptions): Promise<StatusResult> {
    refuseUnknown('report.status', options, { state: true, description: true, context: true, targetUrl: true });
    // The types do not hold when modules are loaded.
    const { commit } = event as { readonly commit?: typeof event.commit };
    if (!commit) throw new Error(`report.status(): ${whyNotBuildable(event.kind)}`);
    const { sha } = isUnpeeled(event) ? (await withTagCommit(event, provider)).commit : commit;
    const automation = workflowInfo().workflowType;
    return reportStatus({
      source: event.source,
      repository: event.repository.fullName,
      sha,
      state: options.state,
      description: options.description,
      context: options.context ? `hookyard/${automation}/${options.context}` : `hookyard/${automation}`,
      ...(options.targetUrl && { targetUrl: options.targetUrl }),
    });
  },
};
