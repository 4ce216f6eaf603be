import { type OptionTable, patterns, readOptions } from '../options.js';
import { REPOSITORY, type RepositoryOptions } from './shared-options.js';

/** What `tag()` makes. */
export type TagTrigger = { readonly kind: 'tag' } & TagOptions;

/** Options of `tag()`. */
export interface TagOptions extends RepositoryOptions {
  /** Tags that count, for example `['v*', '!v*-rc*']`. Default: all. */
  readonly tags?: readonly string[];
}

const OPTIONS: OptionTable<TagOptions> = { tags: patterns('tag'), ...REPOSITORY };

/**
 * Runs on a tag that is created or moved. Throws {@link TriggerError} on an unknown or malformed option.
 *
 * @example
 * import { automation, runJob, tag } from 'hookyard/workflow';
 *
 * export const publish = automation({ on: tag({ tags: ['v*', '!v*-rc*'] }) }, async (event) => {
 *   await runJob(event, { name: 'publish', steps: ['./publish.sh "$VERSION"'], env: { VERSION: event.tag } });
 * });
 */
export function tag(options: TagOptions = {}): TagTrigger {
  return { kind: 'tag', ...readOptions('tag', options, OPTIONS) };
}
