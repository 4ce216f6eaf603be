import { type OptionTable, patterns, readOptions, refuse, TriggerError, wasRefused } from '../options.js';
import { type CommentOptions, type CommentTrigger, comment } from './comment.js';
import { type DeploymentOptions, type DeploymentTrigger, deployment } from './deployment.js';
import { type GenericOptions, type GenericTrigger, generic } from './generic.js';
import { type MergeGroupOptions, type MergeGroupTrigger, mergeGroup } from './merge-group.js';
import { type PullRequestOptions, type PullRequestTrigger, pullRequest } from './pull-request.js';
import { type PushOptions, type PushTrigger, push } from './push.js';
import { type ReleaseOptions, type ReleaseTrigger, release } from './release.js';
import { type ReviewOptions, type ReviewTrigger, review } from './review.js';
import { type StatusOptions, type StatusTrigger, status } from './status.js';
import { type TagOptions, type TagTrigger, tag } from './tag.js';

/** Where the triggers of a scope listen. */
export interface ScopeOptions {
  /** Name of a configured source. Default: all sources. */
  readonly source?: string;
  /** Repositories (`owner/name`) that count. Default: all of the source's. */
  readonly repositories?: readonly string[];
}

/** Takes the options of a trigger that the scope has not set already. */
type Bound<O, T, Set extends string> = (options?: Omit<O, Set>) => T;

/** The triggers of repositories, bound to a scope that sets the options `Set`. */
export interface RepositoryScope<Set extends string = 'sources' | 'repositories'> {
  readonly push: Bound<PushOptions, PushTrigger, Set>;
  readonly tag: Bound<TagOptions, TagTrigger, Set>;
  readonly pullRequest: Bound<PullRequestOptions, PullRequestTrigger, Set>;
  readonly mergeGroup: Bound<MergeGroupOptions, MergeGroupTrigger, Set>;
  readonly comment: Bound<CommentOptions, CommentTrigger, Set>;
  readonly review: Bound<ReviewOptions, ReviewTrigger, Set>;
  readonly release: Bound<ReleaseOptions, ReleaseTrigger, Set>;
  readonly deployment: Bound<DeploymentOptions, DeploymentTrigger, Set>;
  readonly status: Bound<StatusOptions, StatusTrigger, Set>;
}

/** All triggers of deliveries, bound to a source. */
export interface SourceScope extends RepositoryScope<'sources'> {
  readonly generic: Bound<GenericOptions, GenericTrigger, 'sources'>;
}

const OPTIONS: OptionTable<ScopeOptions> = {
  source: (value) => (typeof value === 'string' && value !== '' ? undefined : 'the name of a source'),
  repositories: patterns('repository'),
};

/**
 * Returns the triggers bound to a source and to repositories, so that each need not name them. Without `repositories` they
 * may name their own, and `generic` is there too, whose events have none. Throws {@link TriggerError} on an unknown or
 * malformed option, as the triggers do on one that the scope has set.
 *
 * @example
 * import { automation, runJob, scope } from 'hookyard/workflow';
 *
 * const shop = scope({ source: 'github', repositories: ['acme/shop'] });
 *
 * export const ci = automation({ on: [shop.push({ branches: ['main'] }), shop.pullRequest()] }, async (event) => {
 *   await runJob(event, { name: 'ci', steps: ['npm ci', 'npm test'] });
 * });
 */
export function scope(where: ScopeOptions & { readonly repositories: readonly string[] }): RepositoryScope;
export function scope(where: { readonly source: string }): SourceScope;
export function scope(where: ScopeOptions): RepositoryScope | SourceScope {
  const read = readOptions('scope', where, OPTIONS);
  const { source, repositories } = read;
  if (source === undefined && repositories === undefined && !wasRefused(read))
    refuse(new TriggerError('scope() takes a "source", "repositories", or both'));
  const set = {
    ...(source !== undefined && { sources: [source] }),
    ...(repositories !== undefined && { repositories }),
  };
  const bind =
    <O extends object, T>(name: string, trigger: (options: O) => T) =>
    (options: object = {}): T => {
      // The trigger says what is wrong with it.
      if (typeof options !== 'object' || options === null) return trigger(options as O);
      const twice = Object.keys(set).find((option) => option in options);
      if (twice !== undefined) refuse(new TriggerError(`${name}(): "${twice}" is set by its scope() already`));
      return trigger({ ...options, ...set } as O);
    };
  const bound = {
    push: bind('push', push),
    tag: bind('tag', tag),
    pullRequest: bind('pullRequest', pullRequest),
    mergeGroup: bind('mergeGroup', mergeGroup),
    comment: bind('comment', comment),
    review: bind('review', review),
    release: bind('release', release),
    deployment: bind('deployment', deployment),
    status: bind('status', status),
  };
  return repositories === undefined ? { ...bound, generic: bind('generic', generic) } : bound;
}
