import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { branchOf, commitOf, pullRequestOf, repositoryOf } from '../events/about.js';
import type { StartDispatch } from '../store/store.js';
import { cutToBytes } from './cut-to-bytes.js';

const keys = {
  automation: defineSearchAttributeKey('HookyardAutomation', 'KEYWORD'),
  repository: defineSearchAttributeKey('HookyardRepository', 'KEYWORD'),
  branch: defineSearchAttributeKey('HookyardBranch', 'KEYWORD'),
  commit: defineSearchAttributeKey('HookyardCommit', 'KEYWORD'),
  source: defineSearchAttributeKey('HookyardSource', 'KEYWORD'),
  delivery: defineSearchAttributeKey('HookyardDelivery', 'KEYWORD'),
  pullRequest: defineSearchAttributeKey('HookyardPullRequest', 'INT'),
} as const;

/** What runs are found by in the Temporal UI. A namespace must know these before one can be set. */
export const searchAttributes: readonly { readonly name: string; readonly type: 'Keyword' | 'Int' }[] = Object.values(
  keys,
).map(({ name, type }) => ({ name, type: type === 'INT' ? 'Int' : 'Keyword' }));

/** In bytes: a column of Temporal's SQL visibility store. */
const LONGEST_KEYWORD = 255;

/** The values for the run that a dispatch starts. */
export function searchAttributesOf({ automation, event }: StartDispatch): SearchAttributePair[] {
  const branch = branchOf(event);
  const commit = commitOf(event);
  const pullRequest = pullRequestOf(event);
  const keyword = (key: (typeof keys)['automation'], value: string | undefined): SearchAttributePair[] =>
    value ? [{ key, value: cutToBytes(value, LONGEST_KEYWORD) }] : [];
  return [
    ...keyword(keys.automation, automation),
    ...keyword(keys.repository, repositoryOf(event)?.fullName),
    ...keyword(keys.branch, branch),
    ...keyword(keys.commit, commit?.sha),
    ...keyword(keys.source, event.source),
    ...keyword(keys.delivery, event.deliveryId),
    ...(pullRequest === undefined ? [] : [{ key: keys.pullRequest, value: pullRequest }]),
  ];
}
