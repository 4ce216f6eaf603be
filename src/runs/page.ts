import { commitOf, repositoryOf } from '../events/accessors.js';
import { describe } from '../events/describe.js';
import type { HookyardEvent } from '../events/event.js';
import { link, plain } from '../events/markdown.js';
import { subjectOf } from '../events/subject-of.js';
import { cutToBytes } from '../events/truncate.js';

/** What the Temporal UI shows of a run before it has done anything. Pure: workflow code shows it of child runs. */

/** In bytes: Temporal's limit is 200 for a summary. */
const MAX_SUMMARY = 200;

/** Returns one line of Markdown that says what the run is about. */
export function summaryOf(event: HookyardEvent): string {
  return plainWithin(describe(event), MAX_SUMMARY);
}

/** Returns the longest beginning of `text` that takes at most `bytes` bytes as {@link plain} writes it, written so. */
export function plainWithin(text: string, bytes: number): string {
  let kept = cutToBytes(text, bytes);
  while (cutToBytes(plain(kept), bytes) !== plain(kept)) kept = [...kept].slice(0, -1).join('');
  return plain(kept);
}

/** Returns where the run came from, as a Markdown list. */
export function detailsOf(event: HookyardEvent): string {
  const { source, deliveryId, receivedAt } = event;
  const root = event.kind === 'chained' ? event.event : event;
  const repository = repositoryOf(root);
  const commit = commitOf(root);
  const lines = [
    ...(event.kind === 'chained' ? [`- after: \`${plain(event.run)}\` ${event.outcome}`] : []),
    ...(root.kind === 'generic' ? [`- type: ${plain(root.type)}`] : []),
    ...(root.kind === 'schedule' ? [`- cron: ${plain(root.cron)}`] : []),
    ...(root.kind === 'manual' ? [`- ${plain(describe(root))}`] : []),
    ...(repository ? [`- repository: ${link(repository.fullName, repository.url)}`] : []),
    ...(root.kind === 'pull_request'
      ? [`- pull request: ${link(`#${root.pullRequest.number} ${root.pullRequest.title}`, root.pullRequest.url)}`]
      : []),
    ...(commit ? [`- commit: ${link(commit.sha.slice(0, 12), commit.url)}`] : []),
    ...(commit?.message ? [`- message: ${plain(subjectOf(commit.message) ?? '')}`] : []),
    ...('sender' in root ? [`- by: ${plain(root.sender.login)}`] : []),
    ...(root.kind === 'schedule'
      ? []
      : [
          `- delivery: \`${deliveryId}\` from source \`${source}\` at ${plain(receivedAt)}`,
          `- why it ran: \`hookyard explain ${deliveryId}\``,
        ]),
  ];
  return lines.join('\n');
}
