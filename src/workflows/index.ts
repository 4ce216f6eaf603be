/** What an automation's module imports: `hookyard/workflow`. */
export type {
  CommentResult,
  JobResult,
  JobStep,
  MirrorResult,
  OutboundResult,
  RecordResult,
  RemoteBuildOutcome,
  SecretName,
  StatusResult,
  StepResult,
} from '../activities/contract.js';
export { describe } from '../events/about.js';
export type {
  BranchDeletedEvent,
  ChainedEvent,
  Command,
  CommentEvent,
  Commit,
  DeploymentEvent,
  GenericEvent,
  HookyardEvent,
  InputValue,
  ManualEvent,
  PullRequest,
  PullRequestAction,
  PullRequestEvent,
  PushEvent,
  ReleaseEvent,
  Repository,
  RepositoryEvent,
  ReviewEvent,
  RunOutcome,
  ScheduleEvent,
  Sender,
  StatusEvent,
  TagDeletedEvent,
  TagEvent,
} from '../events/event.js';
export type { InputSpec, InputSpecs, InputsOf } from '../events/inputs.js';
export { type CompletedOptions, type CronOptions, completed, cron, manual } from '../events/inside-trigger.js';
export { plain } from '../events/markdown.js';
export {
  type CommentOptions,
  comment,
  type DeploymentOptions,
  deployment,
  type GenericOptions,
  generic,
  type PullRequestOptions,
  type PushOptions,
  pullRequest,
  push,
  type ReleaseOptions,
  type ReviewOptions,
  release,
  review,
  type StatusOptions as StatusTriggerOptions,
  status,
  type TagOptions,
  type Trigger,
  TriggerError,
  tag,
} from '../events/trigger.js';
export { type AutomationFunction, type AutomationOptions, automation } from './automation.js';
export { type BranchHead, branchHead } from './branch-head.js';
export { localActivities } from './local-activities.js';
export { notify, slackText } from './notify.js';
export type { Delivered, Raw } from './raw.js';
export { type CommentOptions as ReportCommentOptions, report, type StatusOptions } from './report.js';
export { type BuildableEvent, type JobOptions, runJob, secret } from './run-job.js';
export type { RunResult } from './story.js';
export { sync } from './sync.js';
export { type GithubActionsOptions, type HttpBuildOptions, triggerBuild } from './trigger-build.js';
export { webhook } from './webhook.js';
