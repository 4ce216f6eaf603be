import { COMMAND_NAME } from '../events/comment-commands.js';
import {
  type CommentEvent,
  type DeploymentEvent,
  type EventOf,
  type ManualEvent,
  PULL_REQUEST_ACTIONS,
  type PullRequestAction,
  type ReleaseEvent,
  type ReviewEvent,
  type StatusEvent,
} from '../events/event.js';
import type { InputsOf } from './inputs.js';
import type { InternalTrigger, ManualTrigger } from './internal-trigger.js';
import { listOf, type OptionCheck, type OptionTable, patterns, readOptions, TriggerError, yesOrNo } from './options.js';

/**
 * What starts an automation, as plain data: the receiver matches and explains it without running the author's code.
 *
 * Pattern lists are globs (picomatch: `*` stays within a `/`-separated part, `**` crosses them), case-sensitive and
 * anchored at both ends. They are read in order and the last match wins; `!` in front takes away; a list of nothing
 * but `!` patterns starts from everything.
 */
export type Trigger = DeliveryTrigger | InternalTrigger;

/** Triggers that a delivery may fire. */
export type DeliveryTrigger =
  | PushTrigger
  | TagTrigger
  | PullRequestTrigger
  | CommentTrigger
  | ReviewTrigger
  | ReleaseTrigger
  | DeploymentTrigger
  | StatusTrigger
  | GenericTrigger;

export type PushTrigger = { readonly kind: 'push' } & PushOptions;
export type TagTrigger = { readonly kind: 'tag' } & TagOptions;
export type PullRequestTrigger = { readonly kind: 'pull_request' } & PullRequestOptions;
export type CommentTrigger = { readonly kind: 'comment' } & CommentOptions;
export type ReviewTrigger = { readonly kind: 'review' } & ReviewOptions;
export type ReleaseTrigger = { readonly kind: 'release' } & ReleaseOptions;
export type DeploymentTrigger = { readonly kind: 'deployment' } & DeploymentOptions;
export type StatusTrigger = { readonly kind: 'status' } & StatusOptions;
export type GenericTrigger = { readonly kind: 'generic' } & GenericOptions;

/** The event that a trigger's automation receives. */
export type TriggeredEvent<T extends Trigger> =
  T extends ManualTrigger<infer I> ? ManualEvent<InputsOf<I>> : EventOf<T['kind']>;

interface SourceOptions {
  /** Names of configured sources that count. Default: all. */
  readonly sources?: readonly string[];
}

interface RepositoryOptions extends SourceOptions {
  /** Repositories (`owner/name`) that count. Default: all of the source's. */
  readonly repositories?: readonly string[];
  /** `false`: not what a bot did. Default: bots too. */
  readonly bots?: boolean;
  /**
   * `true`: also what the account of the source's own API credentials did, which could go round in circles. That account
   * is the source's `api.account`.
   */
  readonly own?: boolean;
}

interface SkipOptions {
  /**
   * `false`: run in spite of `[skip ci]`, `[ci skip]`, `[no ci]`, `[skip-ci]`, `[ci-skip]` or a `skip-checks: true`
   * trailer in the head commit's message or the pull request's title. Default: those skip.
   */
  readonly skippable?: boolean;
}

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

export interface TagOptions extends RepositoryOptions {
  /** Tags that count, for example `['v*', '!v*-rc*']`. Default: all. */
  readonly tags?: readonly string[];
}

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
   * Runs only if one of the changed files counts. They are asked of the provider's API before the run's own work begins;
   * if they can't be known, it runs. Default: all.
   */
  readonly paths?: readonly string[];
  /**
   * `true`: those from forks run at once. Default: they wait until somebody with write access approves their head
   * commit, because whoever can fork could otherwise run code on your worker. Set it only where the automation never
   * runs the pull request's code.
   */
  readonly forks?: boolean;
}

export interface CommentOptions extends RepositoryOptions {
  /** Default: `created`. */
  readonly actions?: readonly CommentEvent['action'][];
  /** What was commented on. Default: all; with `commands`, pull requests. */
  readonly on?: readonly CommentEvent['on'][];
  /**
   * Names of commands that count: `deploy` for a line `/deploy staging` in a new comment on an open pull request. Bots'
   * do not count. The event holds the commands with what stands behind them.
   */
  readonly commands?: readonly string[];
  /** With `commands`: what whoever comments must be allowed to do in the repository. Default: `write`. */
  readonly permission?: 'read' | 'write' | 'admin';
}

export interface ReviewOptions extends RepositoryOptions {
  /** Default: all. */
  readonly actions?: readonly ReviewEvent['action'][];
}

export interface ReleaseOptions extends RepositoryOptions {
  /** Default: `published`. */
  readonly actions?: readonly ReleaseEvent['action'][];
  /** Tags that count. Default: all. */
  readonly tags?: readonly string[];
  /** `true`: only prereleases; `false`: none. Default: both. */
  readonly prerelease?: boolean;
}

export interface DeploymentOptions extends RepositoryOptions {
  /** Default: `created`. */
  readonly actions?: readonly DeploymentEvent['action'][];
  /** Environments that count. Default: all. */
  readonly environments?: readonly string[];
}

export interface StatusOptions extends RepositoryOptions {
  /** Default: `success` and `failure`. */
  readonly states?: readonly StatusEvent['state'][];
  /** Names of checks, pipelines or contexts that count. Our own (`hookyard/…`) never do unless named. Default: all others. */
  readonly names?: readonly string[];
  /** Branches that count; a status without one does not. Default: all. */
  readonly branches?: readonly string[];
}

export interface GenericOptions extends SourceOptions {
  /** Types that count, for example `['payment_intent.*']`. Default: all. */
  readonly types?: readonly string[];
}

/** The pull-request actions after which there is something new to build. A changed base branch counts too. */
export const NEW_CODE_ACTIONS: readonly PullRequestAction[] = ['opened', 'synchronize', 'reopened', 'ready_for_review'];

const commandNames: OptionCheck = (value) =>
  listOf()(value) ??
  ((value as string[]).every((name) => COMMAND_NAME.test(name))
    ? undefined
    : 'a list of command names without the slash: lower-case letters, digits and -');

const SOURCE: OptionTable<SourceOptions> = { sources: listOf() };
const REPOSITORY: OptionTable<RepositoryOptions> = { ...SOURCE, repositories: patterns, bots: yesOrNo, own: yesOrNo };
const PUSH: OptionTable<PushOptions> = {
  branches: patterns,
  paths: patterns,
  authors: patterns,
  messages: patterns,
  skippable: yesOrNo,
  ...REPOSITORY,
};
const TAG: OptionTable<TagOptions> = { tags: patterns, ...REPOSITORY };
const PULL_REQUEST: OptionTable<PullRequestOptions> = {
  branches: patterns,
  headBranches: patterns,
  actions: listOf(PULL_REQUEST_ACTIONS),
  draft: yesOrNo,
  labels: listOf(),
  allLabels: listOf(),
  authors: patterns,
  titles: patterns,
  paths: patterns,
  forks: yesOrNo,
  skippable: yesOrNo,
  ...REPOSITORY,
};
const COMMENT: OptionTable<CommentOptions> = {
  actions: listOf(['created', 'edited', 'deleted']),
  on: listOf(['pull_request', 'issue', 'commit']),
  commands: commandNames,
  permission: (value) => (['read', 'write', 'admin'].includes(value as string) ? undefined : 'read, write or admin'),
  ...REPOSITORY,
};
const REVIEW: OptionTable<ReviewOptions> = {
  actions: listOf(['approved', 'changes_requested', 'commented', 'dismissed']),
  ...REPOSITORY,
};
const RELEASE: OptionTable<ReleaseOptions> = {
  actions: listOf(['published', 'edited', 'deleted']),
  tags: patterns,
  prerelease: yesOrNo,
  ...REPOSITORY,
};
const DEPLOYMENT: OptionTable<DeploymentOptions> = {
  actions: listOf(['created', 'pending', 'running', 'success', 'failure']),
  environments: patterns,
  ...REPOSITORY,
};
const STATUS: OptionTable<StatusOptions> = {
  states: listOf(['pending', 'success', 'failure', 'cancelled', 'skipped']),
  names: patterns,
  branches: patterns,
  ...REPOSITORY,
};
const GENERIC: OptionTable<GenericOptions> = { types: patterns, ...SOURCE };

/*
 * Each of these makes a trigger, and throws TriggerError on an unknown option or a value of the wrong shape.
 */

/** Runs on commits pushed to a branch; tags have {@link tag}. */
export function push(options: PushOptions = {}): PushTrigger {
  return { kind: 'push', ...readOptions('push', options, PUSH) };
}

/** Runs on a tag that is created or moved. */
export function tag(options: TagOptions = {}): TagTrigger {
  return { kind: 'tag', ...readOptions('tag', options, TAG) };
}

/** Runs on what happens to a pull request. */
export function pullRequest(options: PullRequestOptions = {}): PullRequestTrigger {
  return { kind: 'pull_request', ...readOptions('pullRequest', options, PULL_REQUEST) };
}

/** Runs on comments on pull requests, issues and commits. */
export function comment(options: CommentOptions = {}): CommentTrigger {
  if (options.permission !== undefined && options.commands === undefined)
    throw new TriggerError('comment(): "permission" is for commands: name them in "commands"');
  return { kind: 'comment', ...readOptions('comment', options, COMMENT) };
}

/** Runs on reviews of pull requests. */
export function review(options: ReviewOptions = {}): ReviewTrigger {
  return { kind: 'review', ...readOptions('review', options, REVIEW) };
}

/** Runs on releases. */
export function release(options: ReleaseOptions = {}): ReleaseTrigger {
  return { kind: 'release', ...readOptions('release', options, RELEASE) };
}

/** Runs on deployments that are asked for, or that have gone somehow. */
export function deployment(options: DeploymentOptions = {}): DeploymentTrigger {
  return { kind: 'deployment', ...readOptions('deployment', options, DEPLOYMENT) };
}

/** Runs when a check, a pipeline or a workflow run elsewhere has ended. */
export function status(options: StatusOptions = {}): StatusTrigger {
  return { kind: 'status', ...readOptions('status', options, STATUS) };
}

/** Runs on webhooks of services that are no Git providers: payments, orders, messages. */
export function generic(options: GenericOptions = {}): GenericTrigger {
  return { kind: 'generic', ...readOptions('generic', options, GENERIC) };
}

export { TriggerError };
