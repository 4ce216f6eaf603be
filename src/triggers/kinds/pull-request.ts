import { PULL_REQUEST_ACTIONS, type PullRequestAction } from '../../events/event.js';
import { listOf, type OptionTable, patterns, readOptions, yesOrNo } from '../options.js';
import { REPOSITORY, type RepositoryOptions, type SkipOptions } from './shared-options.js';

/** What `pullRequest()` makes. `fork`: only those from forks, for an automation that comes with Hookyard. */
export type PullRequestTrigger = { readonly kind: 'pull_request' } & PullRequestOptions;

/** Options of `pullRequest()`. */
export interface PullRequestOptions extends RepositoryOptions, SkipOptions {
  /** Base branches, those merged into, that count. Default: all. */
  readonly branches?: readonly string[];
  /** Head branches, those merged from, that count. Default: all. */
  readonly headBranches?: readonly string[];
  /** Actions that count. Default: those that bring new code to look at; see {@link NEW_CODE_ACTIONS}. */
  readonly actions?: readonly PullRequestAction[];
  /** `true`: only drafts; `false`: no drafts. Default: both. */
  readonly draft?: boolean;
  /** Runs only if it has one of these labels. Default: any or none. */
  readonly labels?: readonly string[];
  /** Runs only if it has all of these labels. */
  readonly allLabels?: readonly string[];
  /** Authors that count. Default: all. */
  readonly authors?: readonly string[];
  /** Patterns for the title. Default: all. */
  readonly titles?: readonly string[];
  /**
   * Runs only if one of the changed files counts. The provider's API is asked for them before the run's own work begins;
   * unknown files run. Default: all.
   */
  readonly paths?: readonly string[];
  /**
   * `true`: those from forks run at once. Default: they wait until somebody with write access approves their head
   * commit, because whoever can fork could otherwise run code on your worker. Set it only where the automation never
   * runs the pull request's code.
   */
  readonly forks?: boolean;
}

const OPTIONS: OptionTable<PullRequestOptions> = {
  branches: patterns('branch'),
  headBranches: patterns('branch'),
  actions: listOf(PULL_REQUEST_ACTIONS),
  draft: yesOrNo,
  labels: listOf(),
  allLabels: listOf(),
  authors: patterns('login'),
  titles: patterns('text'),
  paths: patterns('path'),
  forks: yesOrNo,
  skippable: yesOrNo,
  ...REPOSITORY,
};

/** The pull-request actions after which there is something new to build. A changed base branch counts too. */
export const NEW_CODE_ACTIONS: readonly PullRequestAction[] = ['opened', 'synchronize', 'reopened', 'ready_for_review'];

/**
 * Runs on what happens to a pull request. Throws {@link TriggerError} on an unknown or malformed option.
 *
 * @example
 * import { automation, pullRequest, runJob } from 'hookyard/workflow';
 *
 * export const check = automation({ on: pullRequest({ branches: ['main'], draft: false }) }, async (event) => {
 *   await runJob(event, { name: 'test', steps: ['npm ci', 'npm test'] });
 * });
 */
export function pullRequest(options: PullRequestOptions = {}): PullRequestTrigger {
  return { kind: 'pull_request', ...readOptions('pullRequest', options, OPTIONS) };
}
