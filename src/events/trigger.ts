import { type EventOf, PULL_REQUEST_ACTIONS, type PullRequestAction } from './event.js';
import { listOf, type OptionTable, readOptions, TriggerError, yesOrNo } from './options.js';

/**
 * What starts an automation, as plain data: the receiver matches and explains it without running the author's code.
 *
 * Pattern lists are globs (picomatch: `*` stays within a `/`-separated part, `**` crosses them), case-sensitive and
 * anchored at both ends. They are read in order and the last match wins; `!` in front takes away; a list of nothing
 * but `!` patterns starts from everything.
 */
export type Trigger = PushTrigger | TagTrigger | PullRequestTrigger;

export interface PushTrigger extends PushOptions {
  readonly kind: 'push';
}
export interface TagTrigger extends TagOptions {
  readonly kind: 'tag';
}
export interface PullRequestTrigger extends PullRequestOptions {
  readonly kind: 'pull_request';
}

/** The event that a trigger's automation receives. */
export type TriggeredEvent<T extends Trigger> = EventOf<T['kind']>;

export interface PushOptions {
  /** Branches that count. Default: all. */
  readonly branches?: readonly string[];
  /** Runs only if one of the changed files counts. Unknown files (a new branch, a force push) run. Default: all. */
  readonly paths?: readonly string[];
  /** Repositories (`owner/name`) that count. Default: all of the source's. */
  readonly repositories?: readonly string[];
}

export interface TagOptions {
  /** Tags that count, for example `['v*', '!v*-rc*']`. Default: all. */
  readonly tags?: readonly string[];
  /** Repositories (`owner/name`) that count. Default: all of the source's. */
  readonly repositories?: readonly string[];
}

export interface PullRequestOptions {
  /** Base branches, those merged into, that count. Default: all. */
  readonly branches?: readonly string[];
  /** Actions that count. Default: those that bring new code to look at; see {@link NEW_CODE_ACTIONS}. */
  readonly actions?: readonly PullRequestAction[];
  /** `true`: only drafts; `false`: no drafts. Default: both. */
  readonly draft?: boolean;
  /** Runs only if one of the changed files counts; a payload that does not list them runs. Default: all. */
  readonly paths?: readonly string[];
  /** Repositories (`owner/name`) that count. Default: all of the source's. */
  readonly repositories?: readonly string[];
  /**
   * Pull requests from forks too. Default `false`: whoever can fork could otherwise run code on your worker. Set it
   * only where the automation never runs the pull request's code.
   */
  readonly forks?: boolean;
}

/** The pull-request actions after which there is something new to build. A changed base branch counts too. */
export const NEW_CODE_ACTIONS: readonly PullRequestAction[] = ['opened', 'synchronize', 'reopened', 'ready_for_review'];

const PUSH_OPTIONS: OptionTable<PushOptions> = { branches: listOf(), paths: listOf(), repositories: listOf() };
const TAG_OPTIONS: OptionTable<TagOptions> = { tags: listOf(), repositories: listOf() };
const PULL_REQUEST_OPTIONS: OptionTable<PullRequestOptions> = {
  branches: listOf(),
  actions: listOf(PULL_REQUEST_ACTIONS),
  draft: yesOrNo,
  paths: listOf(),
  repositories: listOf(),
  forks: yesOrNo,
};

/** Runs on commits pushed to a branch; tags have {@link tag}. Throws {@link TriggerError} on an unknown option. */
export function push(options: PushOptions = {}): PushTrigger {
  return { kind: 'push', ...readOptions('push', options, PUSH_OPTIONS) };
}

/** Runs on a tag that is created or moved. Throws {@link TriggerError} on an unknown option. */
export function tag(options: TagOptions = {}): TagTrigger {
  return { kind: 'tag', ...readOptions('tag', options, TAG_OPTIONS) };
}

/** Runs on what happens to a pull request. Throws {@link TriggerError} on an unknown option. */
export function pullRequest(options: PullRequestOptions = {}): PullRequestTrigger {
  return { kind: 'pull_request', ...readOptions('pullRequest', options, PULL_REQUEST_OPTIONS) };
}

export { TriggerError };
