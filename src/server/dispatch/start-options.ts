import type { WorkflowStartOptions } from '@temporalio/client';
import { commitOf, describe } from '../../events/about.js';
import type { HookyardEvent } from '../../events/event.js';
import { link, plain } from '../../events/markdown.js';
import type { StartDispatch } from '../../store/store.js';
import { searchAttributesOf } from '../search-attributes.js';
import { TooLarge } from './failure.js';
import { plainWithin } from './markdown.js';

/** In bytes. Temporal's limits are 200 for a summary and 2 MB for a payload. */
const LONGEST_SUMMARY = 200;
const LARGEST_EVENT = 1_500_000;

/**
 * How a run is started: under a name that can be started once, now and as long as Temporal remembers it. Throws
 * {@link TooLarge}.
 */
export function startOptions(
  dispatch: StartDispatch,
  taskQueue: string,
): WorkflowStartOptions & { args: [HookyardEvent] } {
  const { event, workflowId } = dispatch;
  const bytes = Buffer.byteLength(JSON.stringify(event));
  if (bytes > LARGEST_EVENT) throw new TooLarge(`the event takes ${bytes} bytes, and Temporal takes ${LARGEST_EVENT}`);
  return {
    taskQueue,
    workflowId,
    args: [event],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    staticSummary: plainWithin(describe(event), LONGEST_SUMMARY),
    staticDetails: detailsOf(event),
    typedSearchAttributes: searchAttributesOf(dispatch),
  };
}

/** What the Temporal UI shows of where a run came from. */
function detailsOf(event: HookyardEvent): string {
  const { source, deliveryId, receivedAt } = event;
  const commit = commitOf(event);
  const lines = [
    ...(event.kind === 'generic'
      ? [`- type: ${plain(event.type)}`]
      : [`- repository: ${link(event.repository.fullName, event.repository.url)}`]),
    ...(event.kind === 'pull_request'
      ? [`- pull request: ${link(`#${event.pullRequest.number} ${event.pullRequest.title}`, event.pullRequest.url)}`]
      : []),
    ...(commit ? [`- commit: ${link(commit.sha.slice(0, 12), commit.url)}`] : []),
    ...(commit?.message ? [`- message: ${plain(commit.message.split('\n')[0] ?? '')}`] : []),
    ...('sender' in event ? [`- by: ${plain(event.sender.login)}`] : []),
    `- delivery: \`${deliveryId}\` from source \`${source}\` at ${plain(receivedAt)}`,
    `- why it ran: \`hookyard explain ${deliveryId}\``,
  ];
  return lines.join('\n');
}
