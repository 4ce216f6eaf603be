/** The functions that make triggers, with the options they take. */
export { type CommentOptions, comment } from './kinds/comment.js';
export { type CompletedOptions, completed } from './kinds/completed.js';
export { type CronOptions, cron } from './kinds/cron.js';
export { type DeploymentOptions, deployment } from './kinds/deployment.js';
export { type GenericOptions, generic } from './kinds/generic.js';
export { manual } from './kinds/manual.js';
export { type MergeGroupOptions, mergeGroup } from './kinds/merge-group.js';
export { type PullRequestOptions, pullRequest } from './kinds/pull-request.js';
export { type PushOptions, push } from './kinds/push.js';
export { type ReleaseOptions, release } from './kinds/release.js';
export { type ReviewOptions, review } from './kinds/review.js';
export { type RepositoryScope, type ScopeOptions, type SourceScope, scope } from './kinds/scope.js';
export { type StatusOptions, status } from './kinds/status.js';
export { type TagOptions, tag } from './kinds/tag.js';
