import { type OptionTable, patterns, readOptions, yesOrNo } from '../options.js';
import { REPOSITORY, type RepositoryOptions, type SkipOptions } from './shared-options.js';

/** What `push()` makes. */
export type PushTrigger = { readonly kind: 'push' } & PushOptions;

/** Options of `push()`. */
export interface PushOptions extends RepositoryOptions, SkipOptions {
  /** Branches that count. Default: all. */
  readonly branches?: readonly string[];
  /** Runs only if one of the changed files counts. Unknown files (a new branch, a force push) run. Default: all. */
  readonly paths?: readonly string[];
  /** Authors of the head commit that count. Default: all. */
  readonly authors?: readonly string[];
  /** Patterns for the first line of the head commit's message. Default: all. */
  readonly messages?: readonly string[];
}

const OPTIONS: OptionTable<PushOptions> = {
  branches: patterns('branch'),
  paths: patterns('path'),
  authors: patterns('login'),
  messages: patterns('text'),
  skippable: yesOrNo,
  ...REPOSITORY,
};

/**
 * Runs on commits pushed to a branch. Tags have `tag()`. Throws {@link TriggerError} on an unknown or malformed option.
 *
 * @example
 * import { automation, push, runJob } from 'hookyard/workflow';
 *
 * export const docs = automation({ on: push({ branches: ['main'], paths: ['docs/**'] }) }, async (event) => {
 *   await runJob(event, { name: 'docs', steps: ['npm run docs'] });
 * });
 */
export function push(options: PushOptions = {}): PushTrigger {
  return { kind: 'push', ...readOptions('push', options, OPTIONS) };
}
