import { RELEASE_ACTIONS, type ReleaseEvent } from '../../events/event.js';
import { listOf, type OptionTable, patterns, readOptions, yesOrNo } from '../options.js';
import { REPOSITORY, type RepositoryOptions } from './shared-options.js';

/** What `release()` makes. */
export type ReleaseTrigger = { readonly kind: 'release' } & ReleaseOptions;

/** Options of `release()`. */
export interface ReleaseOptions extends RepositoryOptions {
  /** Default: `published`. */
  readonly actions?: readonly ReleaseEvent['action'][];
  /** Tags that count. Default: all. */
  readonly tags?: readonly string[];
  /** `true`: only prereleases; `false`: none. Default: both. */
  readonly prerelease?: boolean;
}

const OPTIONS: OptionTable<ReleaseOptions> = {
  actions: listOf(RELEASE_ACTIONS),
  tags: patterns('tag'),
  prerelease: yesOrNo,
  ...REPOSITORY,
};

/**
 * Runs on releases. Throws {@link TriggerError} on an unknown or malformed option.
 *
 * @example
 * import { automation, notify, release, slackText } from 'hookyard/workflow';
 *
 * export const announce = automation({ on: release({ prerelease: false }) }, async (event) => {
 *   await notify.slack('releases', `${slackText(event.name ?? event.tag)} is out`);
 * });
 */
export function release(options: ReleaseOptions = {}): ReleaseTrigger {
  return { kind: 'release', ...readOptions('release', options, OPTIONS) };
}
