import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { branchOf, commitOf, pullRequestOf, repositoryOf } from '../events/accessors.js';
import type { HookyardEvent } from '../events/event.js';
import { cutToBytes } from '../events/truncate.js';

/**
 * The names and types of the search attributes that runs are found by. Temporal's SQL visibility has room for ten of type
 * Keyword: https://docs.temporal.io/search-attribute. Pure: workflow code sets them.
 */
const TYPES = {
  HookyardAutomation: 'KEYWORD',
  HookyardRepository: 'KEYWORD',
  HookyardBranch: 'KEYWORD',
  HookyardCommit: 'KEYWORD',
  HookyardSource: 'KEYWORD',
  HookyardDelivery: 'KEYWORD',
  HookyardPullRequest: 'INT',
  HookyardOutcome: 'KEYWORD',
  HookyardWaiting: 'KEYWORD',
  HookyardLane: 'KEYWORD',
} as const;

/** Those that a run changes itself. Namespaces that an older version prepared may lack them. */
const CHANGING = ['HookyardOutcome', 'HookyardWaiting', 'HookyardLane'] as const;

/** The value of `HookyardOutcome` until a run has ended: by it the run knows that its namespace has the attribute. */
export const NO_OUTCOME = 'none';

/** The value of `HookyardWaiting` of a run that waits for nobody. */
export const WAITS_FOR_NOTHING = 'nothing';

/** The value of `HookyardLane` of a run that is in none. */
export const NO_LANE = 'none';

/** What a run may wait for, as `HookyardWaiting` says it. */
export const WAITING_FOR = ['approval', 'lane', 'event'] as const;

/** The values of a run's search attributes, by name. */
export type SearchValues = { readonly [K in keyof typeof TYPES]?: string | number | undefined };

/** In bytes: a column of Temporal's SQL visibility store. */
const MAX_KEYWORD = 255;

/** The search attributes by Temporal's names for their types. A namespace must know them before a run can carry them. */
export const searchAttributes: readonly { readonly name: string; readonly type: 'Keyword' | 'Int' }[] = Object.entries(
  TYPES,
).map(([name, type]) => ({ name, type: type === 'INT' ? 'Int' : 'Keyword' }));

/** Returns the command by which an operator adds search attributes to a namespace. Those that are there already stay. */
export function attributesCommand(namespace: string, attributes: typeof searchAttributes): string {
  const each = attributes.map(({ name, type }) => `--name ${name} --type ${type}`);
  return `temporal operator search-attribute create -n ${namespace} ${each.join(' ')}`;
}

/** Returns the search attributes of an automation's run, as Temporal's client takes them. `lane`: as people call it. */
export function searchAttributesOf(automation: string, event: HookyardEvent, lane?: string): SearchAttributePair[] {
  return toPairs(searchValuesOf(automation, event, lane));
}

/** Returns the values that an automation's run is found by. */
function searchValuesOf(automation: string, event: HookyardEvent, lane?: string): SearchValues {
  return {
    HookyardAutomation: automation,
    HookyardRepository: repositoryOf(event)?.fullName,
    HookyardBranch: branchOf(event),
    HookyardCommit: commitOf(event)?.sha,
    HookyardSource: event.source,
    HookyardDelivery: event.deliveryId,
    HookyardPullRequest: pullRequestOf(event),
    HookyardOutcome: NO_OUTCOME,
    HookyardWaiting: WAITS_FOR_NOTHING,
    HookyardLane: lane ?? NO_LANE,
  };
}

/** Returns `values` as Temporal's client takes them: without those that are not set, and cut to what a column holds. */
export function toPairs(values: SearchValues): SearchAttributePair[] {
  return Object.entries(values).flatMap(([name, value]): SearchAttributePair[] => {
    if (value === undefined || value === '') return [];
    if (typeof value === 'number') return [{ key: defineSearchAttributeKey(name, 'INT'), value }];
    return [{ key: defineSearchAttributeKey(name, 'KEYWORD'), value: cutToBytes(value, MAX_KEYWORD) }];
  });
}

/** Returns the attributes that every version had: for a namespace that lacks those of this one. */
export function withoutChanging(pairs: readonly SearchAttributePair[]): SearchAttributePair[] {
  return pairs.filter(({ key }) => !CHANGING.some((name) => name === key.name));
}
