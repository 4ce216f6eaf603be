import { MERGE_GROUP_ACTIONS, type MergeGroupEvent } from '../../events/event.js';
import { listOf, type OptionTable, patterns, readOptions } from '../options.js';
import { REPOSITORY, type RepositoryOptions } from './shared-options.js';

/** What `mergeGroup()` makes. */
export type MergeGroupTrigger = { readonly kind: 'merge_group' } & MergeGroupOptions;

/** Options of `mergeGroup()`. */
export interface MergeGroupOptions extends RepositoryOptions {
  /** Base branches, those merged into, that count. Default: all. */
  readonly branches?: readonly string[];
  /** Default: `checks_requested`. */
  readonly actions?: readonly MergeGroupEvent['action'][];
}

const OPTIONS: OptionTable<MergeGroupOptions> = {
  branches: patterns('branch'),
  actions: listOf(MERGE_GROUP_ACTIONS),
  ...REPOSITORY,
};

/**
 * Runs when a merge queue asks for the checks of a group of pull requests that it is about to merge. A run of a group that is
 * destroyed is cancelled. Throws {@link TriggerError} on an unknown or malformed option.
 *
 * @example
 * import { automation, mergeGroup, pullRequest, runJob } from 'hookyard/workflow';
 *
 * export const required = automation({ on: [pullRequest(), mergeGroup({ branches: ['main'] })] }, async (event) => {
 *   await runJob(event, { name: 'required', steps: ['npm ci', 'npm test'] });
 * });
 */
export function mergeGroup(options: MergeGroupOptions = {}): MergeGroupTrigger {
  return { kind: 'merge_group', ...readOptions('mergeGroup', options, OPTIONS) };
}
