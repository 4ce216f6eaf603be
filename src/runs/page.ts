import { branchOf, commitOf, describe, pullRequestOf, repositoryOf } from '../events/accessors.js';
import type { HookyardEvent } from '../events/event.js';
import { link, plain } from '../events/markdown.js';
import { cutToBytes } from '../events/truncate.js';

/** What the Temporal UI shows of a run before it has done anything, and what it is found by. Made where a run is started. */

/** In bytes: Temporal's limit is 200 for a summary. */
const MAX_SUMMARY = 200;

/** One line. */
export function summaryOf(event: HookyardEvent): string {
  return plainWithin(describe(event), MAX_SUMMARY);
}

/** Text as {@link plain} makes it, cut so that all of it takes at most `bytes` bytes. */
export function plainWithin(text: string, bytes: number): string {
  let kept = cutToBytes(text, bytes);
  while (cutToBytes(plain(kept), bytes) !== plain(kept)) kept = [...kept].slice(0, -1).join('');
  return plain(kept);
}

/** Where the run came from, as Markdown. */
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
    ...(commit?.message ? [`- message: ${plain(commit.message.split('\n')[0] ?? '')}`] : []),
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

/** The names and types of what runs are found by. A namespace must know these before one can be set. */
export const SEARCH_TYPES = {
  HookyardAutomation: 'KEYWORD',
  HookyardRepository: 'KEYWORD',
  HookyardBranch: 'KEYWORD',
  HookyardCommit: 'KEYWORD',
  HookyardSource: 'KEYWORD',
  HookyardDelivery: 'KEYWORD',
  HookyardPullRequest: 'INT',
} as const;

export type SearchValues = { readonly [K in keyof typeof SEARCH_TYPES]?: string | number };

/** In bytes: a column of Temporal's SQL visibility store. */
const MAX_KEYWORD = 255;

/** What a run of an automation is found by. */
export function searchValuesOf(automation: string, event: HookyardEvent): SearchValues {
  const values = {
    HookyardAutomation: automation,
    HookyardRepository: repositoryOf(event)?.fullName,
    HookyardBranch: branchOf(event),
    HookyardCommit: commitOf(event)?.sha,
    HookyardSource: event.source,
    HookyardDelivery: event.deliveryId,
    HookyardPullRequest: pullRequestOf(event),
  };
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(
    set.map(([name, value]) => [name, typeof value === 'string' ? cutToBytes(value, MAX_KEYWORD) : value]),
  );
}
