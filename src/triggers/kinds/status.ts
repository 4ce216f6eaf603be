import { STATUS_STATES, type StatusEvent } from '../../events/event.js';
import { listOf, type OptionTable, patterns, readOptions, yesOrNo } from '../options.js';
import { REPOSITORY, type RepositoryOptions } from './shared-options.js';

/** What `status()` makes. */
export type StatusTrigger = { readonly kind: 'status' } & StatusOptions;

/** Options of `status()`. */
export interface StatusOptions extends RepositoryOptions {
  /** Default: `success` and `failure`. */
  readonly states?: readonly StatusEvent['state'][];
  /** Names of checks, pipelines or contexts that count. Our own (`hookyard/…`) never do unless named. Default: all others. */
  readonly names?: readonly string[];
  /** Branches that count: one of those that have the commit is enough; a status without one does not. Default: all. */
  readonly branches?: readonly string[];
  /** `true`: also of commits from forks, which are strangers', whatever their branch is called. Default: not those. */
  readonly forks?: boolean;
}

const OPTIONS: OptionTable<StatusOptions> = {
  states: listOf(STATUS_STATES),
  names: patterns('text'),
  branches: patterns('branch'),
  forks: yesOrNo,
  ...REPOSITORY,
};

/**
 * Runs when a check, a pipeline or a workflow run elsewhere has ended. Throws {@link TriggerError} on an unknown or
 * malformed option.
 *
 * @example
 * import { automation, notify, slackText, status } from 'hookyard/workflow';
 *
 * export const broken = automation({ on: status({ states: ['failure'], branches: ['main'] }) }, async (event) => {
 *   await notify.slack('builds', `${slackText(event.name)} fails on main`);
 * });
 */
export function status(options: StatusOptions = {}): StatusTrigger {
  return { kind: 'status', ...readOptions('status', options, OPTIONS) };
}
